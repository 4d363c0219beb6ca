import type { Handlers } from '../../http/register.ts';
import { presentSignedIn } from '../auth/auth.presenter.ts';
import { presentUser } from '../users/users.presenter.ts';
import type { passkeysRoutes } from './passkeys.contract.ts';
import type { PasskeysService } from './passkeys.service.ts';
import type { secondFactorRoutes } from './second-factor.contract.ts';
import { presentPasskey, presentState } from './second-factor.presenter.ts';
import type { SecondFactorService } from './second-factor.service.ts';
import type { SecondStep } from './sign-in.ts';

export const secondFactorHandlers = ({
  secondFactor,
  secondStep,
}: {
  secondFactor: SecondFactorService;
  secondStep: SecondStep;
}): Handlers<typeof secondFactorRoutes> => ({
  state: async (ctx) => presentState(await secondFactor.state(ctx)),
  finish: async (ctx, { body }) => presentSignedIn(await secondStep.finish(ctx, body), body.tokenDelivery),
  passkeyOptions: async (ctx, { body }) => secondStep.passkeyOptions(ctx, body.mfaToken),
  setup: async (ctx, { body }) => secondFactor.setup(ctx, body),
  enable: async (ctx, { body }) => ({ recoveryCodes: await secondFactor.enable(ctx, body.code) }),
  disable: async (ctx, { body }) => secondFactor.disable(ctx, body),
  renewCodes: async (ctx, { body }) => ({ recoveryCodes: await secondFactor.renewCodes(ctx, body.code) }),
  reset: async (ctx, { params, ifMatch }) => presentUser(await secondFactor.reset(ctx, params.id, ifMatch)),
});

export const passkeysHandlers = (passkeys: PasskeysService): Handlers<typeof passkeysRoutes> => ({
  signInOptions: async (ctx) => passkeys.signInOptions(ctx),
  signIn: async (ctx, { body }) =>
    presentSignedIn(await passkeys.signIn(ctx, body.response), body.tokenDelivery),
  list: async (ctx) => ({ data: (await passkeys.list(ctx)).map(presentPasskey) }),
  registrationOptions: async (ctx, { body }) => passkeys.registrationOptions(ctx, body.password),
  add: async (ctx, { body }) => presentPasskey(await passkeys.add(ctx, body)),
  rename: async (ctx, { params, ifMatch, body }) =>
    presentPasskey(await passkeys.rename(ctx, params.id, ifMatch, body.name)),
  remove: async (ctx, { params, ifMatch, body }) => passkeys.remove(ctx, params.id, ifMatch, body.password),
});
