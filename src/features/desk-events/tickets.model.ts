import { type Connection, type Model, Schema, type SchemaDefinition, type Types } from 'mongoose';
import { STORAGE } from '../../db/model.ts';

/** One ticket, by the SHA-256 of it. It is deleted by being used. */
export interface TicketRecord {
  _id: string;
  user: Types.ObjectId;
  session: Types.ObjectId;
  expiresAt: Date;
}

const id = { type: Schema.Types.ObjectId, required: true };

const definition: Required<SchemaDefinition<TicketRecord>> = {
  _id: { type: String, required: true },
  user: id,
  session: id,
  expiresAt: { type: Date, required: true },
};

const schema = new Schema<TicketRecord>(definition, STORAGE);

export const ticketModel = (db: Connection): Model<TicketRecord> =>
  db.model<TicketRecord>('EventTicket', schema, 'eventTickets');
