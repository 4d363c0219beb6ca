import type { Handlers } from '../../http/register.ts';
import { Reply } from '../../http/reply.ts';
import type { intakeRoutes } from './intake.contract.ts';
import type { IntakeService } from './intake.ts';
import type { PresentMedia } from './media.presenter.ts';

export const intakeHandlers = (deps: {
  intake: IntakeService;
  media: { present: PresentMedia };
}): Handlers<typeof intakeRoutes> => ({
  fetch: async (ctx, { body }) => {
    const { item, known } = await deps.intake.fetch(ctx, body);
    return new Reply(deps.media.present(item), { status: known ? 200 : 201 });
  },
});
