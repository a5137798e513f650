/** Addresses and usernames are compared without case, by the indexes on their lowercase form. */
import { eq, sql } from 'drizzle-orm';
import { users } from './schema.ts';

export const hasEmail = (email: string) => eq(sql`lower(${users.email})`, email.toLowerCase());
export const hasUsername = (username: string) => eq(sql`lower(${users.username})`, username.toLowerCase());
