const form = /^tge_(ent_[0-9a-v]{26})_([A-Za-z0-9_-]{43})_([0-9a-f]{64})$/;

/** The three parts of an enrolment token. */
export interface EnrolmentTokenParts {
  /** Names the row; not secret. */
  tokenId: string;
  /** 256 random bits, base64url. */
  secret: string;
  /** Lower-case hexadecimal SHA-256 of the DER of the CA's root. */
  caFingerprint: string;
}

/** `tge_<id>_<secret>_<fingerprint>`: one string that says who may enrol and whom to trust. */
export function formatEnrolmentToken({ tokenId, secret, caFingerprint }: EnrolmentTokenParts): string {
  return `tge_${tokenId}_${secret}_${caFingerprint}`;
}

/** The parts of a token, or null when it is not of the form. */
export function parseEnrolmentToken(token: string): EnrolmentTokenParts | null {
  const [, tokenId, secret, caFingerprint] = form.exec(token) ?? [];
  if (tokenId === undefined || secret === undefined || caFingerprint === undefined) return null;
  return { tokenId, secret, caFingerprint };
}
