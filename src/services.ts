import type { ClientSession, Connection } from 'mongoose';
import type { Config } from './config.ts';
import { createCalm } from './core/calm.ts';
import type { Clock } from './core/clock.ts';
import { inOneTurn, onceInATurn } from './core/one-turn.ts';
import { createOutbound } from './core/outbound.ts';
import { previewAt, siteAt } from './core/site.ts';
import { createArticlesService } from './features/articles/articles.service.ts';
import { createEmptyBin } from './features/articles/bin.ts';
import { createComingQueries } from './features/articles/coming.queries.ts';
import { createLapsedRights } from './features/articles/lapsed-rights.ts';
import { createPastQueries } from './features/articles/past.queries.ts';
import { createPublishedQueries } from './features/articles/published.queries.ts';
import { createRecordQueries } from './features/articles/record.queries.ts';
import { createSlugs } from './features/articles/slugs.ts';
import { createStories } from './features/articles/stories.ts';
import { createSurvey } from './features/articles/survey.queries.ts';
import { createStoryUses } from './features/articles/uses.ts';
import { createWhereUsed } from './features/articles/where-used.queries.ts';
import { createAuditService } from './features/audit/audit.service.ts';
import { createAuthorLookup } from './features/authors/authors.queries.ts';
import { createAutosavesService } from './features/autosaves/autosaves.service.ts';
import { createSettling } from './features/autosaves/settling.ts';
import { createBulkService } from './features/bulk/bulk.service.ts';
import { createBulkSteps } from './features/bulk/bulk.steps.ts';
import { createChecklist, createChecks } from './features/checks/checks.service.ts';
import { createDeliveryService } from './features/delivery/delivery.service.ts';
import { createNamedRecords, createNames, type RecordsOf } from './features/delivery/names.ts';
import { createDeskEventsService } from './features/desk-events/desk-events.service.ts';
import { createFronts } from './features/fronts/fronts.ts';
import { createHealthService, type Lifecycle } from './features/health/health.service.ts';
import { createRunOnce } from './features/idempotency/idempotency.service.ts';
import { createMediaLookup } from './features/media/media.queries.ts';
import { createMediaServices } from './features/media/media.services.ts';
import { createReadCounting } from './features/most-read/counting.ts';
import { createMostReadService } from './features/most-read/most-read.service.ts';
import { createNoteLookup } from './features/notes/notes.queries.ts';
import { createNotesService } from './features/notes/notes.service.ts';
import { createOutboxService } from './features/outbox/outbox.service.ts';
import { createOpenPreview } from './features/previews/opening.ts';
import { createPreviewsService } from './features/previews/previews.service.ts';
import { type Purgeable, together } from './features/purge/purgeable.ts';
import { rememberedOne } from './features/purge/remembered-one.ts';
import { createImporting } from './features/redirects/importing.ts';
import { createRedirectLookup } from './features/redirects/redirects.queries.ts';
import { createRedirectsService } from './features/redirects/redirects.service.ts';
import { createRevisionQueries } from './features/revisions/revisions.queries.ts';
import { createRevisionsService } from './features/revisions/revisions.service.ts';
import { createThinning } from './features/revisions/sweep.ts';
import { type Indexes, termsIndexes } from './features/search/open-indexes.ts';
import { createFindPage } from './features/search/paging.ts';
import { createSectionLookup } from './features/sections/sections.queries.ts';
import { createSectionsService } from './features/sections/sections.service.ts';
import { settingsDefaults } from './features/settings/settings.defaults.ts';
import { createSettingsService } from './features/settings/settings.service.ts';
import { createSignOffsService } from './features/sign-offs/sign-offs.service.ts';
import { createTagLookup } from './features/tags/tags.queries.ts';
import { createTagsService } from './features/tags/tags.service.ts';
import { createTranslationLookup } from './features/translations/translations.queries.ts';
import { createTranslationsService } from './features/translations/translations.service.ts';
import { refusalOf } from './http/idempotency.ts';
import { createSearch } from './services/search.ts';
import { createStaff } from './services/staff.ts';
import { createPagesOfStories } from './services/story-pages.ts';

export interface ServiceDeps {
  /** `jwtSecret` is settled by now: configured, or generated into the data directory. */
  readonly config: Config & { readonly jwtSecret: string };
  readonly db: Connection;
  readonly clock: Clock;
  /** Where this server is reached from outside, without a slash at the end. */
  readonly publicUrl: string;
  /** The entry file's, which says when it is told to stop. */
  readonly lifecycle?: Readonly<Lifecycle>;
  /** Pages in this process's memory. */
  readonly pages?: Purgeable;
  /** What searches look into; words in MongoDB unless it says otherwise. */
  readonly indexes?: Indexes;
}

export type Services = ReturnType<typeof createServices>;

/** Every feature's verbs, wired in the order in which they need each other. */
export function createServices({
  config,
  db,
  clock,
  publicUrl,
  lifecycle = { draining: false },
  pages,
  indexes = termsIndexes(db),
}: ServiceDeps) {
  const audit = createAuditService({ db });
  const calm = createCalm();
  const outbox = createOutboxService({
    db,
    purge: (keys, at, change) => {
      if (keys.length > 0) calm.stirred();
      keptPages.purge(keys, at, change);
    },
    heard: (event) => search.withdrawAtOnce(event),
  });
  const runOnce = createRunOnce({ db, refusalOf });
  const settings = createSettingsService({
    ...{ db, audit, clock, defaults: settingsDefaults(config) },
    onChange: () => keptPages.purgeAll(),
  });
  const uses = createStoryUses({ db });
  const staff = createStaff({ config, db, clock, publicUrl, audit, outbox, settings, uses });
  const { accounts } = staff;
  const tags = createTagsService({ db, audit, outbox, uses, clock });
  const sections = createSectionsService({ db, audit, outbox, uses, clock });
  const lookups = {
    tags: createTagLookup({ db }),
    sections: createSectionLookup({ db }),
    authors: createAuthorLookup({ db }),
    media: createMediaLookup({ db, publicUrl: config.mediaUrl ?? publicUrl }),
  };
  const outbound = createOutbound({ allowed: config.outboundAllow });
  const pictures = createMediaServices({
    ...{ db, audit, outbox, uses, clock, publicUrl, lookup: lookups.media },
    lapsed: createLapsedRights({ db }),
    ...{ outbound, uploadMaxBytes: config.uploadMaxBytes, imageProcess: config.imageProcess },
    whereUsed: createWhereUsed({ db }),
    ...{ dataDir: config.dataDir, s3: config.s3 },
    secret: config.jwtSecret,
  });
  const health = createHealthService({
    ...{ db, lifecycle, checkStorage: pictures.checkStorage },
    searchIsBehind: () => search.isBehind(),
  });
  const revisions = createRevisionsService({ db });
  const noteLookup = createNoteLookup({ db });
  const site = async (session: ClientSession | null = null) =>
    siteAt(config.siteUrl ?? publicUrl, (await settings.current(session)).publishing.articlePath);
  const defaults = async () => {
    const { site: at, comments } = await settings.current();
    return { language: at.language, comments: { mode: comments.defaultMode, closesAt: null } };
  };
  const published = createPublishedQueries({ db });
  const survey = createSurvey({ db, settings });
  const checks = createChecks({
    ...{ survey, lookups, published, settings, revisions, accounts },
    ...noteLookup,
  });
  const slugs = createSlugs({ db });
  const redirects = createRedirectsService({ db, audit, outbox, slugs, site, clock });
  const translationLookup = createTranslationLookup({ db, published });
  const translations = createTranslationsService({
    ...{ db, audit, outbox, published, site },
    stories: createStories({ db, audit, revisions, clock }),
  });
  const articles = createArticlesService({
    db,
    audit,
    outbox,
    checks,
    revisions,
    clock,
    lookups,
    accounts,
    uses,
    defaults,
    site,
    endRedirect: redirects.endAt,
    besides: translationLookup.besides,
    languageMoved: translations.follow,
    settleAutosave: createSettling({ db }),
    search: createFindPage(indexes.desk),
    survey,
  });
  const signOffs = createSignOffsService({
    ...{ db, audit, clock },
    stories: createStories({ db, audit, revisions, clock }),
  });
  const checklist = createChecklist({ db, checks, read: articles.read });
  const history = createRevisionQueries({ db, open: articles.read });
  const autosaves = createAutosavesService({ db, articles });
  const notes = createNotesService({ db, audit, accounts, articles, clock });
  const slugOwner = slugs.ownerOf;
  const redirectLookup = createRedirectLookup({ db, published, site, slugOwner });
  const previews = createPreviewsService({
    ...{ db, audit, articles, clock },
    previewUrl: async (slug, token) =>
      previewAt(await site(), (await settings.current()).publishing.previewUrl, { slug, token }),
  });
  const search = createSearch({ db, indexes, published, outbox, lookups, calm });
  const past = createPastQueries({ db });
  const fronts = createFronts({
    ...{ db, audit, outbox, clock, uses, accounts, lookups, published, past },
    coming: createComingQueries({ db }),
    storyExists: articles.existing,
  });
  const names = createNames({
    tag: inOneTurn(lookups.tags.families),
    section: inOneTurn(lookups.sections.branches),
    author: inOneTurn(lookups.authors.named),
  });
  const records = {
    tag: inOneTurn(lookups.tags.resolve),
    section: inOneTurn(lookups.sections.resolve),
    author: inOneTurn(lookups.authors.resolve),
  };
  const namedRecords = createNamedRecords(records);
  const rememberedSite = rememberedOne(onceInATurn(site));
  const delivery = createDeliveryService({
    names,
    remembered: namedRecords.recordsOf,
    current: ((kind, ids) => records[kind](ids)) as RecordsOf,
    search: search.readersSearch.find,
    published,
    past,
    lookups,
    site,
    rememberedSite: rememberedSite.get,
    signedAddress: pictures.signedAddress,
    slugOwner,
    redirects: redirectLookup,
    translations: translationLookup,
    isKilled: articles.isKilled,
  });
  const { storyPages, shownPages, storyAnew } = createPagesOfStories({
    ...{ db, outbox, published, settings, delivery, publicUrl, calm },
    addresses: { site: config.siteUrl, media: config.mediaUrl },
  });
  const keptPages = together([
    ...(pages ? [pages] : []),
    ...[shownPages, names, namedRecords, rememberedSite, search.followed],
  ]);
  return {
    calm,
    storyPages,
    shownPages,
    storyAnew,
    keptPages,
    bulk: createBulkService({ db, audit, clock }),
    bulkSteps: createBulkSteps({ db, accounts, articles, media: pictures.media }),
    emptyBin: createEmptyBin({ db, audit }),
    binRetentionDays: async () => (await settings.current()).bin.retentionDays,
    audit,
    outbox,
    runOnce,
    ...staff,
    health,
    settings,
    tags,
    sections,
    ...pictures,
    ...fronts,
    articles,
    checklist,
    signOffs,
    history,
    thinOut: createThinning({
      ...{ db, audit },
      keepAllDays: async () => (await settings.current()).revisions.keepAllDays,
    }),
    translations,
    redirects,
    redirectLookup,
    importRedirects: createImporting({ redirects, site }),
    previews,
    openPreview: createOpenPreview({
      ...{ db, accounts, articles, clock, slugOwner },
      revisions: history,
    }),
    autosaves,
    deskEvents: createDeskEventsService({ db, auth: staff.auth }),
    notes,
    noteLookup,
    lookups,
    published,
    record: createRecordQueries({ db }),
    delivery,
    mostRead: createMostReadService({ db, published }),
    readCounting: createReadCounting({ db, published }),
    readersSearch: search.readersSearch,
    namedRecords,
    searchFeed: search.searchFeed,
    deskSearchFeed: search.deskSearchFeed,
  };
}
