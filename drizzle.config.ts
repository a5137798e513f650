/** Where drizzle-kit finds the schema and writes migrations: `npm run migration`. wrangler applies them. */
import { defineConfig } from 'drizzle-kit';

export default defineConfig({ dialect: 'sqlite', schema: './worker/store/schema.ts', out: './migrations' });
