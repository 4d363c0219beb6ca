import type { Connection } from 'mongoose';
import type { OidcConfig } from '../../config.ts';
import type { Clock } from '../../core/clock.ts';
import { createSealer } from '../../core/seal.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { LinksService } from '../links/links.service.ts';
import type { SecondStep } from '../second-factor/sign-in.ts';
import type { SignOnAccounts } from '../users/sign-on-accounts.ts';
import { createFlows } from './flows.ts';
import { createProvider } from './provider.ts';
import { createSignOnService, type SignOnService } from './sign-on.service.ts';

interface SignOnDeps {
  readonly db: Connection;
  readonly config: {
    readonly oidc: OidcConfig | null;
    readonly jwtSecret: string;
    readonly jwtSecretPrevious: string | undefined;
  };
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly accounts: SignOnAccounts;
  readonly links: LinksService;
  readonly secondStep: SecondStep;
  readonly audit: AuditService;
}

/** The parts of single sign-on, put together from the configuration. */
export function createSignOn({ config, publicUrl, ...deps }: SignOnDeps): SignOnService {
  const { db, clock } = deps;
  const { oidc, jwtSecret: secret, jwtSecretPrevious: previous } = config;
  const startUrl = `${publicUrl}/editorial/v1/auth/oidc`;
  const flows = createFlows({ db, clock, sealer: createSealer({ secret, previous }, 'sign-on flows') });
  const provider = oidc && createProvider({ oidc, callbackUrl: `${startUrl}/callback`, clock });
  return createSignOnService({ ...deps, oidc, startUrl, provider, flows });
}
