// One database user's certificate with its key: for clients alone, in the user's name. Loaded with the first request, as
// issue.ts is.

import type { webcrypto } from 'node:crypto'
import { clientCertificate } from './client-certificate.ts'
import { keyAlgorithm, serialNumber } from './terms.ts'

export interface UserIssue {
  readonly authority: { readonly certificate: string; readonly key: webcrypto.CryptoKey }
  readonly commonName: string
  /** From `now` on, months of the calendar. */
  readonly months: number
  /** Milliseconds since 1970. */
  readonly now: number
  /** 12 random hex digits. */
  readonly random: string
}

export interface IssuedToUser {
  /** The certificate, then its private key (PKCS #8): what a driver takes as `tlsCertificateKeyFile`. */
  readonly pem: string
  /** The serial number, short enough for JSON to say it: Atlas shows it as a number. */
  readonly serial: number
  /** As RFC 4514 writes it, and as a deployment names the user on `$external`. */
  readonly subject: string
  readonly notAfter: Date
}

export const issueUserCertificate = async (issue: UserIssue): Promise<IssuedToUser> => {
  const { authority, now } = issue
  const keys = await crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify'])
  const serial = serialNumber(issue.random)
  const certificate = await clientCertificate({
    authority,
    commonName: issue.commonName,
    publicKey: keys.publicKey,
    serialNumber: serial,
    now,
    until: monthsAfter(now, issue.months),
  })
  return {
    pem: `${certificate.toString('pem')}\n${pemOf(await crypto.subtle.exportKey('pkcs8', keys.privateKey))}`,
    serial: Number.parseInt(serial, 16),
    subject: `CN=${issue.commonName}`,
    notAfter: certificate.notAfter,
  }
}

const pemOf = (key: ArrayBuffer): string => {
  const lines = Buffer.from(key).toString('base64').replace(/.{64}/g, '$&\n').trimEnd()
  return `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`
}

/** The same day of a later month, or its last day; whole seconds, as certificates count. */
const monthsAfter = (now: number, months: number): number => {
  const date = new Date(now)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months + 1, 0)
  date.setUTCDate(Math.min(day, date.getUTCDate()))
  return date.setUTCMilliseconds(0)
}
