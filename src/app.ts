import { join } from 'node:path';
import express, { type Express } from 'express';
import type { Logger } from 'pino';
import { api } from './api.ts';
import type { Config } from './config.ts';
import type { Method } from './contract/route.ts';
import { operationsOf } from './contract/surface.ts';
import { notFound } from './core/errors.ts';
import { createPace } from './core/pace.ts';
import { articlesHandlers } from './features/articles/articles.handlers.ts';
import { auditHandlers } from './features/audit/audit.handlers.ts';
import { authHandlers } from './features/auth/auth.handlers.ts';
import { sessionsHandlers } from './features/auth/sessions.handlers.ts';
import { authorsHandlers } from './features/authors/authors.handlers.ts';
import { autosavesHandlers } from './features/autosaves/autosaves.handlers.ts';
import { bulkHandlers } from './features/bulk/bulk.handlers.ts';
import { checksHandlers } from './features/checks/checks.handlers.ts';
import { deliveredArticlesHandlers } from './features/delivery/delivery.handlers.ts';
import { deliveredRecordHandlers } from './features/delivery/record.handlers.ts';
import { deliveredTaxonomyHandlers } from './features/delivery/taxonomy.handlers.ts';
import { deskEventsHandlers } from './features/desk-events/desk-events.handlers.ts';
import { deliveredFrontsHandlers, frontsHandlers } from './features/fronts/fronts.handlers.ts';
import { healthHandlers } from './features/health/health.handlers.ts';
import { invitationsHandlers } from './features/invitations/invitations.handlers.ts';
import { keysHandlers } from './features/keys/keys.handlers.ts';
import { isKeyLike } from './features/keys/secrets.ts';
import { locksHandlers } from './features/locks/locks.handlers.ts';
import { directUploadsHandlers } from './features/media/direct-uploads.handlers.ts';
import { intakeHandlers } from './features/media/intake.handlers.ts';
import { mediaFilesHandlers, mediaHandlers } from './features/media/media.handlers.ts';
import { mediaCollectionsHandlers } from './features/media/media-collections.handlers.ts';
import { tracksHandlers } from './features/media/tracks.handlers.ts';
import { mergeHandlers } from './features/merge/merge.handlers.ts';
import { mostReadHandlers } from './features/most-read/most-read.handlers.ts';
import { notesHandlers } from './features/notes/notes.handlers.ts';
import { adminPages } from './features/pages/pages.ts';
import { passwordsHandlers } from './features/passwords/passwords.handlers.ts';
import { peopleHandlers } from './features/people/people.handlers.ts';
import { previewsHandlers } from './features/previews/previews.handlers.ts';
import { profileHandlers } from './features/profile/profile.handlers.ts';
import { deliveredRedirectsHandlers, redirectsHandlers } from './features/redirects/redirects.handlers.ts';
import { revisionsHandlers } from './features/revisions/revisions.handlers.ts';
import { searchHandlers } from './features/search/search.handlers.ts';
import { passkeysHandlers, secondFactorHandlers } from './features/second-factor/second-factor.handlers.ts';
import { sectionsHandlers } from './features/sections/sections.handlers.ts';
import { settingsHandlers } from './features/settings/settings.handlers.ts';
import { setupHandlers } from './features/setup/setup.handlers.ts';
import { signOffsHandlers } from './features/sign-offs/sign-offs.handlers.ts';
import { signOnHandlers } from './features/sign-on/sign-on.handlers.ts';
import { tagsHandlers } from './features/tags/tags.handlers.ts';
import { translationsHandlers } from './features/translations/translations.handlers.ts';
import { usersHandlers } from './features/users/users.handlers.ts';
import { serveDocs } from './http/docs.ts';
import { errorMiddleware } from './http/errors.ts';
import { openApiDocument } from './http/openapi.ts';
import type { PageCache } from './http/page-cache.ts';
import { servePages } from './http/pages.ts';
import { createLimits } from './http/rate-limit.ts';
import { closeMethods, type HttpDeps, register } from './http/register.ts';
import { secure } from './http/security.ts';
import type { Services } from './services.ts';
import { programVersion } from './version.ts';

export interface AppDeps {
  readonly config: Config;
  /** Where this server is reached from outside, without a slash at the end. */
  readonly publicUrl: string;
  readonly services: Services;
  readonly pages: PageCache;
  readonly log: Logger;
}

/** The Express app: the order of everything that a request passes, on one screen. */
export function createApp({ config, publicUrl, services, pages, log }: AppDeps): Express {
  const https = publicUrl.startsWith('https:');
  const limits = createLimits(config.rateLimits);
  const deps: HttpDeps = {
    authenticate: async (credentials, address) =>
      isKeyLike(credentials)
        ? services.keys.authenticate(credentials, address)
        : services.auth.authenticate(credentials),
    authenticateLate: services.auth.authenticateLate,
    contentIsOpen: async () => !(await services.settings.latest()).security.contentNeedsKey,
    throttle: services.throttles.byAddress,
    limit: limits.editorial,
    runOnce: services.runOnce,
    cookies: { secure: https, origins: new Set([new URL(publicUrl).origin, ...config.corsOrigins]) },
    pages,
    uploads: {
      ...{ directory: join(config.dataDir, 'tmp'), maxBytes: config.uploadMaxBytes },
      pace: createPace(),
    },
  };
  const app = express();
  app
    .set('etag', false)
    .set('query parser', 'simple')
    .set('case sensitive routing', true)
    .set('strict routing', true);
  app.set('trust proxy', config.trustProxy.length > 0 ? [...config.trustProxy] : false);
  secure(app, { https, corsOrigins: config.corsOrigins });

  const { base: editorial, features: desk } = api.editorial;
  register(app, editorial, desk.auth, authHandlers(services.auth, services.profile), deps);
  register(app, editorial, desk.sessions, sessionsHandlers(services.ownSessions), deps);
  register(app, editorial, desk.signOn, signOnHandlers(services.signOn), deps);
  register(app, editorial, desk.secondFactor, secondFactorHandlers(services), deps);
  register(app, editorial, desk.passkeys, passkeysHandlers(services.passkeys), deps);
  register(app, editorial, desk.passwords, passwordsHandlers(services.passwords), deps);
  register(app, editorial, desk.profile, profileHandlers(services.profile, services.emailChanges), deps);
  register(app, editorial, desk.setup, setupHandlers(services.setup), deps);
  register(app, editorial, desk.users, usersHandlers(services.users), deps);
  register(app, editorial, desk.people, peopleHandlers(services.people), deps);
  register(app, editorial, desk.invitations, invitationsHandlers(services.invitations), deps);
  register(app, editorial, desk.articles, articlesHandlers(services.articles), deps);
  register(app, editorial, desk.checks, checksHandlers(services.checklist), deps);
  register(app, editorial, desk.signOffs, signOffsHandlers(services.signOffs), deps);
  register(app, editorial, desk.revisions, revisionsHandlers(services), deps);
  register(app, editorial, desk.locks, locksHandlers(services.articles), deps);
  register(app, editorial, desk.merge, mergeHandlers(services.articles), deps);
  register(app, editorial, desk.autosaves, autosavesHandlers(services.autosaves), deps);
  register(app, editorial, desk.previews, previewsHandlers(services.previews), deps);
  register(app, editorial, desk.notes, notesHandlers(services.notes), deps);
  register(app, editorial, desk.translations, translationsHandlers(services), deps);
  register(app, editorial, desk.tags, tagsHandlers(services.tags), deps);
  register(app, editorial, desk.sections, sectionsHandlers(services.sections), deps);
  register(app, editorial, desk.authors, authorsHandlers(services.authors), deps);
  register(app, editorial, desk.intake, intakeHandlers(services), deps);
  register(app, editorial, desk.directUploads, directUploadsHandlers(services), deps);
  register(app, editorial, desk.tracks, tracksHandlers(services.media), deps);
  register(app, editorial, desk.media, mediaHandlers(services.media), deps);
  register(app, editorial, desk.redirects, redirectsHandlers(services), deps);
  register(app, editorial, desk.fronts, frontsHandlers(services), deps);
  register(app, editorial, desk.mediaCollections, mediaCollectionsHandlers(services.mediaCollections), deps);
  register(app, editorial, desk.settings, settingsHandlers(services.settings), deps);
  register(app, editorial, desk.bulk, bulkHandlers(services.bulk), deps);
  register(app, editorial, desk.keys, keysHandlers(services.keys), deps);
  register(app, editorial, desk.audit, auditHandlers(services.audit), deps);
  register(app, editorial, desk.events, deskEventsHandlers(services.deskEvents), deps);

  const { base: content, features: delivered } = api.content;
  const readers: HttpDeps = { ...deps, limit: limits.content };
  register(app, content, delivered.articles, deliveredArticlesHandlers(services), readers);
  register(app, content, delivered.record, deliveredRecordHandlers(services), readers);
  register(app, content, delivered.search, searchHandlers(services), readers);
  register(app, content, delivered.taxonomy, deliveredTaxonomyHandlers(services), readers);
  register(app, content, delivered.redirects, deliveredRedirectsHandlers(services), readers);
  register(app, content, delivered.fronts, deliveredFrontsHandlers(services), readers);
  register(app, content, delivered.mostRead, mostReadHandlers(services), readers);
  register(app, content, delivered.media, mediaFilesHandlers(services.mediaFiles), readers);

  const { base: operations, features: operator } = api.operations;
  register(app, operations, operator.health, healthHandlers(services.health), deps);
  serveDocs(app, () => openApiDocument(api, { version: programVersion(), publicUrl }));

  const siteName = async () => (await services.settings.current()).site.name;
  servePages(app, adminPages({ setup: services.setup, siteName }));

  closeMethods(app, methodsByPath());
  app.use(() => {
    throw notFound('address');
  });
  app.use(errorMiddleware(log));
  return app;
}

function methodsByPath(): Map<string, Method[]> {
  const methods = new Map<string, Method[]>();
  for (const { path, route } of operationsOf(api))
    methods.set(path, [...(methods.get(path) ?? []), route.method]);
  return methods;
}
