import type { Held } from './factors.ts';
import type { Passkey } from './passkeys.contract.ts';
import type { PasskeyRecord } from './passkeys.model.ts';
import type { SecondFactorState } from './second-factor.contract.ts';

export const presentPasskey = (record: PasskeyRecord): Passkey => ({
  id: String(record._id),
  version: record.version,
  name: record.name,
  credential: record.credential,
  backedUp: record.backedUp,
  createdAt: record.createdAt.toISOString(),
  lastUsedAt: record.lastUsedAt?.toISOString() ?? null,
});

export const presentState = ({ record, passkeys }: Held): SecondFactorState => ({
  totp: typeof record?.secret === 'string',
  recoveryCodesLeft: record?.secret ? record.recoveryCodes.length : 0,
  passkeys: passkeys.map(presentPasskey),
});
