import type { Surfaces } from './contract/surface.ts';
import { articlesRoutes } from './features/articles/articles.contract.ts';
import { auditRoutes } from './features/audit/audit.contract.ts';
import { authRoutes } from './features/auth/auth.contract.ts';
import { sessionsRoutes } from './features/auth/sessions.contract.ts';
import { authorsRoutes } from './features/authors/authors.contract.ts';
import { autosavesRoutes } from './features/autosaves/autosaves.contract.ts';
import { bulkRoutes } from './features/bulk/bulk.contract.ts';
import { checksRoutes } from './features/checks/checks.contract.ts';
import { deliveredArticlesRoutes, deliveredTaxonomyRoutes } from './features/delivery/delivery.contract.ts';
import { deliveredRecordRoutes } from './features/delivery/record.contract.ts';
import { deskEventsRoutes } from './features/desk-events/desk-events.contract.ts';
import { deliveredFrontsRoutes, frontsRoutes } from './features/fronts/fronts.contract.ts';
import { healthRoutes } from './features/health/health.contract.ts';
import { invitationsRoutes } from './features/invitations/invitations.contract.ts';
import { keysRoutes } from './features/keys/keys.contract.ts';
import { locksRoutes } from './features/locks/locks.contract.ts';
import { directUploadsRoutes } from './features/media/direct-uploads.contract.ts';
import { intakeRoutes } from './features/media/intake.contract.ts';
import { mediaFilesRoutes, mediaRoutes } from './features/media/media.contract.ts';
import { mediaCollectionsRoutes } from './features/media/media-collections.contract.ts';
import { tracksRoutes } from './features/media/tracks.contract.ts';
import { mergeRoutes } from './features/merge/merge.contract.ts';
import { mostReadRoutes } from './features/most-read/most-read.contract.ts';
import { notesRoutes } from './features/notes/notes.contract.ts';
import { passwordsRoutes } from './features/passwords/passwords.contract.ts';
import { peopleRoutes } from './features/people/people.contract.ts';
import { previewsRoutes } from './features/previews/previews.contract.ts';
import { profileRoutes } from './features/profile/profile.contract.ts';
import { deliveredRedirectsRoutes, redirectsRoutes } from './features/redirects/redirects.contract.ts';
import { revisionsRoutes } from './features/revisions/revisions.contract.ts';
import { searchRoutes } from './features/search/search.contract.ts';
import { passkeysRoutes } from './features/second-factor/passkeys.contract.ts';
import { secondFactorRoutes } from './features/second-factor/second-factor.contract.ts';
import { sectionsRoutes } from './features/sections/sections.contract.ts';
import { settingsRoutes } from './features/settings/settings.contract.ts';
import { setupRoutes } from './features/setup/setup.contract.ts';
import { signOffsRoutes } from './features/sign-offs/sign-offs.contract.ts';
import { signOnRoutes } from './features/sign-on/sign-on.contract.ts';
import { tagsRoutes } from './features/tags/tags.contract.ts';
import { translationsRoutes } from './features/translations/translations.contract.ts';
import { usersRoutes } from './features/users/users.contract.ts';

/** The whole API as one value: the server, the OpenAPI document, the client and the access matrix read it. */
export const api = {
  editorial: {
    base: '/editorial/v1',
    features: {
      auth: authRoutes,
      sessions: sessionsRoutes,
      signOn: signOnRoutes,
      secondFactor: secondFactorRoutes,
      passkeys: passkeysRoutes,
      passwords: passwordsRoutes,
      profile: profileRoutes,
      setup: setupRoutes,
      users: usersRoutes,
      people: peopleRoutes,
      invitations: invitationsRoutes,
      articles: articlesRoutes,
      checks: checksRoutes,
      signOffs: signOffsRoutes,
      revisions: revisionsRoutes,
      locks: locksRoutes,
      merge: mergeRoutes,
      autosaves: autosavesRoutes,
      notes: notesRoutes,
      previews: previewsRoutes,
      translations: translationsRoutes,
      tags: tagsRoutes,
      sections: sectionsRoutes,
      authors: authorsRoutes,
      media: mediaRoutes,
      intake: intakeRoutes,
      directUploads: directUploadsRoutes,
      tracks: tracksRoutes,
      redirects: redirectsRoutes,
      fronts: frontsRoutes,
      mediaCollections: mediaCollectionsRoutes,
      settings: settingsRoutes,
      bulk: bulkRoutes,
      keys: keysRoutes,
      audit: auditRoutes,
      events: deskEventsRoutes,
    },
  },
  content: {
    base: '/content/v1',
    features: {
      articles: deliveredArticlesRoutes,
      record: deliveredRecordRoutes,
      search: searchRoutes,
      taxonomy: deliveredTaxonomyRoutes,
      fronts: deliveredFrontsRoutes,
      media: mediaFilesRoutes,
      redirects: deliveredRedirectsRoutes,
      mostRead: mostReadRoutes,
    },
  },
  operations: {
    base: '',
    features: { health: healthRoutes },
  },
} as const satisfies Surfaces;

export type Api = typeof api;
