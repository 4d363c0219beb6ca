import type { Permission } from '../../contract/roles.ts';
import type { AuditRecord } from '../audit/audit.model.ts';
import type { DeskEvent, DeskEventType } from './desk-events.contract.ts';

type Data = DeskEvent['data'];
type Facts = Readonly<Record<string, unknown>>;

/** Something that happened to a story, before it is known who may hear of it. */
export interface Happening {
  /** Where it stands among everything that happened; `null` for what is only true now, and is not told again. */
  readonly seq: number | null;
  readonly type: DeskEventType;
  readonly article: string;
  readonly at: Date;
  readonly data: Data;
  readonly permission: Permission;
  /** To whom it is a mention. */
  readonly mentions: readonly string[];
}

interface Telling {
  readonly type: DeskEventType;
  readonly permission?: Permission;
  /** Beside the story and who did it: named members of what the audit log keeps, and nothing else of it. */
  readonly data: (after: Facts, row: AuditRecord) => Data;
}

/** `article:<id>:<version>:<action>` */
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
};

/** A numbered row of the audit log as the desk is told of it; `null` where it is not. */
export function happeningOf(row: AuditRecord): Happening | null {
  const telling = TOLD[row.action];
  const { id: article } = row.target;
  if (!telling || article === null || row.seq === undefined) return null;
  const after = (row.after ?? {}) as Facts;
  return {
    seq: row.seq,
    type: telling.type,
    article,
    at: row.at,
    data: { article, by: { id: row.actor.id, name: row.actor.name }, ...telling.data(after, row) },
    permission: telling.permission ?? 'articles:read',
    mentions:
      row.action === 'article.note' && Array.isArray(after.mentions) ? after.mentions.map(String) : [],
  };
}

/** The event that a happening is to one person. */
export function eventFor(happening: Happening, person: string): DeskEvent {
  const { seq, type, article, at, data, mentions } = happening;
  return {
    specversion: '1.0',
    id: seq === null ? `${type}:${article}:${at.getTime()}` : String(seq),
    source: '/editorial/v1/events',
    type: mentions.includes(person) ? 'note.mentioned' : type,
    subject: `article:${article}`,
    time: at.toISOString(),
    datacontenttype: 'application/json',
    data,
  };
}
