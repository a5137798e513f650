/** A secret as the configuration takes it. */
import { randomBytes } from 'node:crypto';

/** 256 bits from the system's CSPRNG (RFC 8725 3.5), in base64url: 43 characters. */
export const randomSecret = (): string => randomBytes(32).toString('base64url');
