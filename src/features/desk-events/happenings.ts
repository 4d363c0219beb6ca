import type { Permission } from '../../contract/roles.ts';
import type { AuditRecord } from '../audit/audit.model.ts';
import type { DeskEvent, DeskEventType } from './desk-events.contract.ts';

type Data = DeskEvent['data'];
type Facts = Readonly<Record<string, unknown>>;

/** What the desk is told of. */
export type About = 'article' | 'front' | 'media';

/** Something that happened to a thing of the desk, before it is known who may hear of it. */
export interface Happening {
  /** Where it stands among everything that happened; `null` for what is only true now, and is not told again. */
  readonly seq: number | null;
  readonly type: DeskEventType;
  readonly about: { readonly kind: About; readonly id: string };
  readonly at: Date;
  readonly data: Data;
  readonly permission: Permission;
  /** To whom it is a mention. */
  readonly mentions: readonly string[];
}

interface Telling {
  readonly type: DeskEventType;
  /** A story unless another is said. */
  readonly about?: About;
  /** Whoever may read the thing, unless another is said. */
  readonly permission?: Permission;
  /** Beside the thing and who did it: named members of what the audit log keeps, and nothing else of it. */
  readonly data: (after: Facts, row: AuditRecord) => Data;
}

/** `article:<id>:<version>:<action>`, and fronts and media alike. */
const versionIn = ({ _id }: AuditRecord): number => Number(_id.split(':')[2]);
const text = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);
const moment = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value));

const step = (after: Facts, row: AuditRecord): Data => ({
  version: versionIn(row),
  status: after.status as Data['status'],
});
const saved = (after: Facts, row: AuditRecord): Data => ({
  ...step(after, row),
  ...(Array.isArray(after.fields) ? { fields: after.fields.map(String) } : {}),
});

/** A step that was ordered ahead, by whom and for when. */
const dueStep =
  (duty: 'publish' | 'unpublish') =>
  (after: Facts, row: AuditRecord): Data => ({
    ...step(after, row),
    ...(after.due === undefined
      ? {}
      : {
          schedule: { duty, due: moment(after.due), late: after.late === true, by: text(after.scheduledBy) },
        }),
  });

const failed = (after: Facts, row: AuditRecord): Data => ({
  ...step(after, row),
  schedule: {
    duty: after.duty === 'unpublish' ? 'unpublish' : 'publish',
    due: moment(after.due),
    by: text(after.scheduledBy),
    why: String(after.why),
  },
});

const signed = ({ kind }: Facts): Data => ({ kind: String(kind) });

const noted = ({ note, blocking, resolved }: Facts): Data => ({
  note: String(note),
  ...(typeof blocking === 'boolean' ? { blocking } : {}),
  ...(typeof resolved === 'boolean' ? { resolved } : {}),
});

/** A change of a thing of which nothing but its new version is told. */
const moved = (_after: Facts, row: AuditRecord): Data => ({ version: versionIn(row) });

/** What was ordered ahead of a front stands in it until it is done, and is gone after. */
const frontPublished = ({ due }: Facts, row: AuditRecord): Data => {
  const { scheduledBy } = (row.before ?? {}) as Facts;
  const order = due as { readonly due: unknown; readonly late?: unknown } | undefined;
  const schedule = order && {
    ...{ duty: 'publish' as const, due: moment(order.due) },
    ...{ late: order.late === true, by: text(scheduledBy) },
  };
  return { ...moved({}, row), ...(schedule ? { schedule } : {}) };
};

const frontFailed = ({ publishAt, scheduledBy, scheduleError }: Facts, row: AuditRecord): Data => ({
  ...moved({}, row),
  schedule: {
    ...{ duty: 'publish', due: moment(publishAt), by: text(scheduledBy) },
    why: String(scheduleError),
  },
});

/** Who may see a thing of each kind, and how an event names it. */
const KINDS: Readonly<
  Record<About, { readonly permission: Permission; readonly name: (id: string) => Data }>
> = {
  article: { permission: 'articles:read', name: (article) => ({ article }) },
  front: { permission: 'fronts:manage', name: (front) => ({ front }) },
  media: { permission: 'media:read', name: (media) => ({ media }) },
};

/** What of the audit log the desk is told, by its action. Whatever is not named here is nobody's business. */
const TOLD: Readonly<Record<string, Telling>> = {
  'article.create': { type: 'article.created', data: step },
  'article.change': { type: 'article.saved', data: saved },
  'article.merge': { type: 'article.saved', data: saved },
  'article.bring-back': { type: 'article.saved', data: saved },
  'article.submit': { type: 'article.submitted', data: step },
  'article.return': { type: 'article.returned', data: step },
  'article.approve': { type: 'article.approved', data: step },
  'article.archive': { type: 'article.archived', data: step },
  'article.schedule': { type: 'article.scheduled', data: step },
  'article.unschedule': { type: 'article.unscheduled', data: step },
  'article.publish': { type: 'article.published', data: dueStep('publish') },
  'article.unpublish': { type: 'article.unpublished', data: dueStep('unpublish') },
  'article.kill': { type: 'article.killed', data: step },
  'article.bin': { type: 'article.binned', data: step },
  'article.restore': { type: 'article.restored', data: step },
  'article.schedule_failed': { type: 'schedule.failed', data: failed },
  'article.sign-off': { type: 'sign_off.given', data: signed },
  'article.withdraw-sign-off': {
    type: 'sign_off.withdrawn',
    data: (_after, { before }) => signed((before ?? {}) as Facts),
  },
  'article.note': { type: 'note.written', permission: 'articles:discuss', data: noted },
  'article.note_change': { type: 'note.changed', permission: 'articles:discuss', data: noted },
  'front.publish': { type: 'front.published', about: 'front', data: frontPublished },
  'front.unpublish': { type: 'front.unpublished', about: 'front', data: moved },
  'front.schedule': { type: 'front.scheduled', about: 'front', data: moved },
  'front.unschedule': { type: 'front.unscheduled', about: 'front', data: moved },
  'front.schedule_failed': { type: 'schedule.failed', about: 'front', data: frontFailed },
  // Which stories show it is not everybody's to know who may look at the picture: their lists say so.
  'media.lapse': { type: 'media.lapsed', about: 'media', data: moved },
};

/** A numbered row of the audit log as the desk is told of it; `null` where it is not. */
export function happeningOf(row: AuditRecord): Happening | null {
  const telling = TOLD[row.action];
  const { id } = row.target;
  if (!telling || id === null || row.seq === undefined) return null;
  const { about: kind = 'article' } = telling;
  const after = (row.after ?? {}) as Facts;
  return {
    seq: row.seq,
    type: telling.type,
    about: { kind, id },
    at: row.at,
    data: {
      ...KINDS[kind].name(id),
      by: { id: row.actor.id, name: row.actor.name },
      ...telling.data(after, row),
    },
    permission: telling.permission ?? KINDS[kind].permission,
    mentions:
      row.action === 'article.note' && Array.isArray(after.mentions) ? after.mentions.map(String) : [],
  };
}

/** The event that a happening is to one person. */
export function eventFor(happening: Happening, person: string): DeskEvent {
  const { seq, type, about, at, data, mentions } = happening;
  const subject = `${about.kind}:${about.id}`;
  return {
    specversion: '1.0',
    id: seq === null ? `${type}:${about.id}:${at.getTime()}` : String(seq),
    source: '/editorial/v1/events',
    type: mentions.includes(person) ? 'note.mentioned' : type,
    subject,
    time: at.toISOString(),
    datacontenttype: 'application/json',
    data,
  };
}
