import type { Config } from '../../config.ts';
import type { SettingsPatch, SettingsValues } from './settings.contract.ts';

/** The settings of a site where nobody has set any; `SITE_NAME` holds until an admin gives another name. */
export const settingsDefaults = ({ siteName }: Pick<Config, 'siteName'>): SettingsValues => ({
  site: { name: siteName, tagline: '', language: 'en', timeZone: 'UTC' },
  publishing: {
    articlePath: '/articles/{slug}',
    previewUrl: null,
    correctionsPolicyUrl: null,
    checks: {},
    signOffs: {},
  },
  revisions: { keepAllDays: null },
  comments: { defaultMode: 'open' },
  bin: { retentionDays: 0 },
  security: { secondFactorRoles: [], contentNeedsKey: false },
});

type Groups = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** `base` with the settings of `over` in their place, group by group; groups that `base` lacks come along. */
const merge = (base: Groups, over: Groups): Groups => ({
  ...base,
  ...Object.fromEntries(Object.entries(over).map(([name, group]) => [name, { ...base[name], ...group }])),
});

/** What is set after a change: only what was ever set, so that a default may still change with the program. */
export const mergeChanges = (set: SettingsPatch, patch: SettingsPatch): SettingsPatch =>
  merge(set, patch) as SettingsPatch;

/** Every setting: as it was set, else as it comes. */
export const withDefaults = (defaults: SettingsValues, set: SettingsPatch): SettingsValues =>
  merge(defaults, set) as SettingsValues;
