import { type ClientSession, type Connection, Types } from 'mongoose';
import type { Clock } from '../../core/clock.ts';
import { DomainError } from '../../core/errors.ts';
import { deriveKey, hmac, sameText } from '../../core/tokens.ts';
import type { Tx } from '../../db/transaction.ts';
import { LINK_LIFETIME } from './lifetimes.ts';
import { type LinkPurpose, type LinkRecord, linkModel } from './links.model.ts';

const TOKEN = /^([0-9a-f]{24})([A-Za-z0-9_-]{43})$/;

export type LinksService = ReturnType<typeof createLinksService>;

/**
 * Links that are sent by mail and work once. A token is the link's id and a keyed hash of it (RFC 2104), so that
 * whoever reads the database holds no key to an account.
 */
export function createLinksService(deps: { db: Connection; clock: Clock; secret: string }) {
  const { db, clock } = deps;
  const Links = linkModel(db);
  const key = deriveKey(deps.secret, 'links');
  return { issue, tokenOf, standing, find, use, withdraw };

  /** Makes a link and ends the earlier ones of the same person and purpose. @returns its id. */
  async function issue(
    tx: Tx,
    { purpose, user, email }: Pick<LinkRecord, 'purpose' | 'user' | 'email'>,
  ): Promise<string> {
    await withdraw(tx, user, [purpose]);
    const now = clock.now();
    const link: LinkRecord = {
      _id: new Types.ObjectId(),
      purpose,
      user,
      email,
      createdAt: now,
      expiresAt: new Date(now.getTime() + LINK_LIFETIME[purpose]),
      endedAt: null,
    };
    await Links.create([link], { session: tx.session });
    return String(link._id);
  }

  /** The secret of a link, for the mail that carries it. */
  function tokenOf(id: string): string {
    return id + hmac(key, id);
  }

  /** A link by its id, unless it is over, used or withdrawn. */
  async function standing(id: string, session: ClientSession | null = null): Promise<LinkRecord | null> {
    const link: LinkRecord | null = await Links.findById(id).session(session).lean();
    return link !== null && link.endedAt === null && link.expiresAt > clock.now() ? link : null;
  }

  /** @throws DomainError `not_found` for a link that is forged, over, used or withdrawn, or for another purpose. */
  async function find(
    token: string,
    purpose: LinkPurpose,
    session: ClientSession | null = null,
  ): Promise<LinkRecord> {
    const [, id = '', mac = ''] = TOKEN.exec(token) ?? [];
    const genuine = id !== '' && sameText(mac, hmac(key, id));
    const link = genuine ? await standing(id, session) : null;
    if (link?.purpose !== purpose)
      throw new DomainError('not_found', 'This link is not valid any more. Ask for a new one.');
    return link;
  }

  /** As `find`, and ends the link: of two who use it at once, one gets it. */
  async function use(tx: Tx, token: string, purpose: LinkPurpose): Promise<LinkRecord> {
    const link = await find(token, purpose, tx.session);
    await end(tx, { _id: link._id, endedAt: null });
    return link;
  }

  /** Ends the open links of a person, of some purposes or of all. */
  async function withdraw(tx: Tx, user: Types.ObjectId, purposes?: readonly LinkPurpose[]): Promise<void> {
    await end(tx, { user, endedAt: null, ...(purposes ? { purpose: { $in: [...purposes] } } : {}) });
  }

  async function end(tx: Tx, filter: Record<string, unknown>): Promise<void> {
    await Links.updateMany(filter, { $set: { endedAt: clock.now() } }, { session: tx.session });
  }
}
