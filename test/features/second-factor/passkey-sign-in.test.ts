import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { type Authenticator, createAuthenticator, type Fault } from '../../support/authenticator.ts';
import { doors, firstStep, secondStep } from '../../support/factors.ts';
import { askedOf, FAULTS, HOME, type Owner, ownerOf, signInBy } from '../../support/passkeys.ts';
import { send } from '../../support/raw.ts';
import { auditOf } from '../../support/records.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ PUBLIC_URL: HOME.origin });
});
afterAll(() => app.close());

const owner = (name: string, how: { counts?: boolean } = {}) => ownerOf(app, name, how);
const signIn = (device: Authenticator, how: Parameters<typeof signInBy>[2] = {}) =>
  signInBy(app, device, how);
const asked = () => askedOf(app);
const actionsOf = async (id: string) => (await auditOf(app, 'user', id)).map(({ action }) => action);

describe('signing in with a passkey alone', () => {
  it('needs neither name nor password, and counts as two factors', async () => {
    const { device, id, passkey, client } = await owner('swift');

    const answer = await signIn(device);
    const body = (await answer.json()) as { accessToken: string; user: { id: string } };

    expect([answer.status, body.user.id]).toEqual([200, id]);
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-copydesk=[\w-]{43};/);
    const row = (await auditOf(app, 'user', id)).findLast(({ action }) => action === 'session.sign_in');
    expect(row?.after).toMatchObject({ method: 'passkey', secondFactor: true });
    const { data } = await client.editorial.passkeys.list();
    expect(data).toEqual([{ ...passkey, lastUsedAt: expect.any(String) }]);
  });

  it('asks for nobody in particular: it tells no stranger whose passkeys there are', async () => {
    expect(await asked()).toMatchObject({
      rpId: 'desk.example.org',
      userVerification: 'required',
      allowCredentials: [],
    });
  });

  it.each([
    ...FAULTS,
    ['made for adding one', { type: 'webauthn.create' }],
    ['that names nobody', { userHandle: null }],
    ['that names somebody else', { userHandle: Buffer.alloc(12).toString('base64url') }],
    ['signed by another key', { signedBy: createAuthenticator(HOME) }],
  ])('is refused by an answer %s', async (_name, fault: Fault) => {
    const { device, id } = faulty;

    const answer = await signIn(device, { fault });

    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    expect(await actionsOf(id)).toContain('session.sign_in_failed');
  });

  let faulty: Owner;
  beforeAll(async () => {
    faulty = await owner('impostor');
  });

  it('takes each challenge once, in time, and for nothing else', async () => {
    const person = await owner('replayed');
    const response = person.device.get(await asked());
    const post = () =>
      send(app, '/editorial/v1/auth/passkeys/sign-in', { body: JSON.stringify({ response }) });

    const registration = await doors(person).passkeys.registrationOptions();

    expect([(await post()).status, (await post()).status]).toEqual([200, 401]);
    expect((await signIn(person.device, { options: registration })).status).toBe(401);
    const late = await asked();
    app.clock.advance(5 * 60_000 + 1);
    expect((await signIn(person.device, { options: late })).status).toBe(401);
  });

  it('spends the challenge of a wrong answer: it cannot be tried again', async () => {
    const { device } = await owner('second-try');
    const options = await asked();

    expect((await signIn(device, { fault: { userVerified: false }, options })).status).toBe(401);
    expect((await signIn(device, { options })).status).toBe(401);
  });

  it('is over for somebody deactivated', async () => {
    const { device, email } = await owner('gone');
    await app.db.collection('users').updateOne({ email }, { $set: { active: false } });

    expect((await signIn(device)).status).toBe(401);
  });

  it.each(['{}', '{"id":1}', '{"id":"x","rawId":"x","type":"public-key","response":{}}', '[]', 'null'])(
    'takes no half answer: %s',
    async (response) => {
      const body = `{"response":${response}}`;

      expect((await send(app, '/editorial/v1/auth/passkeys/sign-in', { body })).status).toBe(422);
    },
  );
});

describe('a passkey that counts', () => {
  it('is refused when its counter goes back or stands still: there is a copy', async () => {
    const { device, id } = await owner('cloned', { counts: true });
    expect((await signIn(device, { fault: { counter: 7 } })).status).toBe(200);

    for (const counter of [7, 3, 0]) expect((await signIn(device, { fault: { counter } })).status).toBe(401);

    expect((await signIn(device, { fault: { counter: 8 } })).status).toBe(200);
    const told = (await auditOf(app, 'user', id)).filter(({ action }) => action === 'passkey.copy_suspected');
    expect(told).toHaveLength(3);
    expect(told[0]).toMatchObject({ before: { counter: 7, name: 'Phone' }, after: { counter: 7 } });
  });

  it('lets one of two in who use one count at once', async () => {
    const { device } = await owner('twinned', { counts: true });

    const answers = await Promise.all([1, 2, 3].map(() => signIn(device, { fault: { counter: 5 } })));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
  });
});

describe('a passkey at the second step', () => {
  const optionsFor = (mfaToken: string) =>
    app.anonymous.editorial.secondFactor.passkeyOptions({ body: { mfaToken } });

  it('finishes a sign-in with a password', async () => {
    const person = await owner('both');
    const { mfaToken } = await firstStep(app, person);
    const options = await optionsFor(mfaToken);

    const answer = await secondStep(app, {
      mfaToken,
      passkey: person.device.get(options, { userHandle: null }),
    });

    expect(options.allowCredentials.map(({ id }) => id)).toEqual([person.device.id]);
    expect(answer.status).toBe(200);
    expect((await secondStep(app, { mfaToken, passkey: person.device.get(options) })).status).toBe(401);
  });

  it('answers in the sign-in that asked, with a passkey of its person', async () => {
    const [ann, ben] = [await owner('ann'), await owner('ben')];
    const [first, second] = [await firstStep(app, ann), await firstStep(app, ann)];

    const crossed = await secondStep(app, {
      mfaToken: second.mfaToken,
      passkey: ann.device.get(await optionsFor(first.mfaToken)),
    });
    const anothers = await secondStep(app, {
      mfaToken: first.mfaToken,
      passkey: ben.device.get(await optionsFor(first.mfaToken)),
    });
    const unasked = await secondStep(app, {
      mfaToken: first.mfaToken,
      passkey: ann.device.get(await asked()),
    });
    const alone = await signIn(ann.device, { options: await optionsFor(first.mfaToken) });

    expect([crossed, anothers, unasked, alone].map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(await actionsOf(ann.id)).toContain('session.second_factor_failed');
  });

  it('is asked for only in a sign-in that has begun', async () => {
    await expect(optionsFor('x')).rejects.toMatchObject({ status: 401 });
  });

  it('is given instead of a code, not beside it', async () => {
    const { device, ...person } = await owner('greedy');
    const { mfaToken } = await firstStep(app, person);
    const passkey = device.get(await optionsFor(mfaToken));

    expect((await secondStep(app, { mfaToken, passkey, code: '000000' })).status).toBe(422);
    expect((await secondStep(app, { mfaToken })).status).toBe(422);
  });
});
