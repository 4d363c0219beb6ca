import { z } from 'zod';
import { ROLES, Role } from '../../contract/roles.ts';
import { defineRoutes } from '../../contract/route.ts';
import { Instant, Language, Line, Name, TimeZone, WebUrl } from '../../contract/shapes.ts';
import { CommentMode } from '../articles/articles.contract.ts';
import { ChecksSetting, SignOffsSetting } from '../checks/publishing-rules.contract.ts';

const ArticlePath = z
  .string()
  .max(200)
  .regex(
    /^\/(?:[\w.~-]+\/)*\{slug\}(?:\.html|\/)?$/,
    'Give a path that ends in "{slug}", such as "/articles/{slug}".',
  )
  .meta({ example: '/articles/{slug}' });

/** `{slug}` may stand anywhere behind the host, so that no story leads a token to another server. */
const PreviewUrl = z
  .string()
  .max(500)
  .regex(
    /^https?:\/\/[\w.-]+(?::\d{1,5})?(?:[/?][\w.~/?=&%{}-]*)?$/,
    'Give the address of a page of your frontend, such as "https://www.example.org/preview/{slug}?token={token}".',
  )
  .refine(
    (text) => text.split('{token}').length === 2,
    'Name "{token}" once: without it the page opens nothing.',
  )
  .refine(
    (text) => !/[{}]/.test(text.replaceAll(/\{(?:slug|token)\}/g, '')),
    'Only "{slug}" and "{token}" are filled in.',
  )
  .meta({ example: 'https://www.example.org/preview/{slug}?token={token}' });

/** Roles that must have a second factor. Whoever has none yet can do nothing but set one up. */
const SecondFactorRoles = z
  .array(Role)
  .max(ROLES.length)
  .refine((roles) => new Set(roles).size === roles.length, 'Name each role once.');

/** For longer than unsaved text is kept, which is a change of some version. */
const KeepAllDays = z.int().min(31, 'Versions of the last 31 days all stay.').max(36_500);

/**
 * What admins may set, in groups; a `PATCH` names only what it changes. A feature adds its keys here (what is given and
 * what is taken) and their values at the start in `settings.defaults.ts`: the compiler asks for both.
 */
const given = {
  site: z.object({ name: z.string(), tagline: z.string(), language: z.string(), timeZone: z.string() }),
  publishing: z.object({
    articlePath: z.string(),
    previewUrl: z.string().nullable(),
    correctionsPolicyUrl: z.string().nullable(),
    checks: ChecksSetting,
    signOffs: SignOffsSetting,
  }),
  revisions: z.object({ keepAllDays: z.int().nullable() }),
  comments: z.object({ defaultMode: CommentMode }),
  bin: z.object({ retentionDays: z.int() }),
  security: z.object({ secondFactorRoles: z.array(Role), contentNeedsKey: z.boolean() }),
};

const taken = {
  site: z
    .strictObject({ name: Name(), tagline: Line(200), language: Language, timeZone: TimeZone })
    .partial(),
  publishing: z
    .strictObject({
      articlePath: ArticlePath,
      previewUrl: PreviewUrl.nullable(),
      correctionsPolicyUrl: WebUrl.nullable(),
      checks: ChecksSetting,
      signOffs: SignOffsSetting,
    })
    .partial(),
  revisions: z.strictObject({ keepAllDays: KeepAllDays.nullable() }).partial(),
  comments: z.strictObject({ defaultMode: CommentMode }).partial(),
  bin: z.strictObject({ retentionDays: z.int().min(0).max(3_650) }).partial(),
  security: z.strictObject({ secondFactorRoles: SecondFactorRoles, contentNeedsKey: z.boolean() }).partial(),
};

const SettingsValues = z.object(given);
export type SettingsValues = z.infer<typeof SettingsValues>;

/** The site's settings. Version 0: nobody has changed any, all are as they come. */
export const Settings = SettingsValues.extend({ version: z.int(), modifiedAt: Instant.nullable() }).meta({
  id: 'Settings',
  description:
    "Version 0: nobody has changed a setting yet. `articlePath` is where a story stands on the site; `previewUrl` is the page of the frontend that shows previews (null: the story's own address with `?preview=`); with `contentNeedsKey` the content surface asks for an API key with `content:read`. `keepAllDays`: of versions that are older, one a day is kept (and all that were published); null keeps everything. After `retentionDays` in the bin a story that was never published is deleted for good; 0 keeps it.",
});
export type Settings = z.infer<typeof Settings>;

export const SettingsPatch = z.strictObject(taken).partial().meta({
  id: 'SettingsPatch',
  description: 'Only what is named changes, setting by setting.',
});
export type SettingsPatch = z.output<typeof SettingsPatch>;

export const settingsRoutes = defineRoutes({
  read: {
    method: 'get',
    path: '/settings',
    summary: "Read the site's settings",
    access: 'settings:manage',
    response: Settings,
  },
  change: {
    method: 'patch',
    path: '/settings',
    summary: "Change the site's settings",
    access: 'settings:manage',
    body: SettingsPatch,
    response: Settings,
    ifMatch: true,
  },
});
