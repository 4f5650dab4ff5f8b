// SCRAM-SHA-256, the server's side (RFC 5802, RFC 7677; MongoDB authentication specification). Keeps verifiers and
// never a password; an unknown user meets the same work and the same answer as a wrong password.
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { saslprep } from '@mongodb-js/saslprep'

const derive = promisify(pbkdf2)
const iterationCount = 15_000

export type Verifier = {
  readonly iterationCount: number
  readonly salt: Buffer
  readonly storedKey: Buffer
  readonly serverKey: Buffer
}

const hmac = (key: Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest()
const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest()

/** What is kept of a password: enough to check a proof, not enough to make one. */
export async function makeVerifier(password: string, salt: Buffer = randomBytes(28)): Promise<Verifier> {
  const salted = await derive(saslprep(password), salt, iterationCount, 32, 'sha256')
  return {
    iterationCount,
    salt,
    storedKey: sha256(hmac(salted, 'Client Key')),
    serverKey: hmac(salted, 'Server Key'),
  }
}

/** Does `password` belong to this verifier? */
export async function matches(verifier: Verifier, password: string): Promise<boolean> {
  const again = await makeVerifier(password, verifier.salt)
  return timingSafeEqual(again.storedKey, verifier.storedKey)
}

/** A verifier that nobody's password fits, the same for the same name, so that a guess tells nothing. */
export function decoyVerifier(secret: Buffer, user: string): Verifier {
  const salt = hmac(secret, `salt ${user}`).subarray(0, 28)
  return { iterationCount, salt, storedKey: hmac(secret, `stored ${user}`), serverKey: hmac(secret, `server ${user}`) }
}

export type ClientFirst = {
  readonly user: string
  readonly nonce: string
  readonly bare: string
  readonly header: string
}

/** Reads `n,,n=<user>,r=<nonce>`; undefined when it is anything else (channel binding is not offered). */
export function parseClientFirst(payload: Buffer): ClientFirst | undefined {
  const found = /^([ny],(?:a=[^,]*)?,)(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/s.exec(payload.toString('utf8'))
  if (!found) return undefined
  const [, header = '', bare = '', name = '', nonce = ''] = found
  if (/=(?!2C|3D)/.test(name)) return undefined
  return { user: name.replaceAll('=2C', ',').replaceAll('=3D', '='), nonce, bare, header }
}

/** One conversation between the client's first message and its proof. */
export type Conversation = { readonly payload: Buffer; finish(clientFinal: Buffer): Buffer | undefined }

/**
 * Starts a conversation; `payload` is the server's first message, and `finish` turns the client's proof into the
 * server's signature, or undefined when the proof is wrong.
 */
export function startConversation(
  first: ClientFirst,
  verifier: Verifier,
  serverNonce = randomBytes(24).toString('base64'),
): Conversation {
  const nonce = `${first.nonce}${serverNonce}`
  const serverFirst = `r=${nonce},s=${verifier.salt.toString('base64')},i=${verifier.iterationCount}`
  return {
    payload: Buffer.from(serverFirst),
    finish(clientFinal) {
      const found = /^(c=([^,]*),r=([^,]*)),p=([^,]*)$/s.exec(clientFinal.toString('utf8'))
      if (!found) return undefined
      const [, withoutProof = '', binding = '', echoed = '', proofText = ''] = found
      if (binding !== Buffer.from(first.header).toString('base64') || echoed !== nonce) return undefined
      const authMessage = `${first.bare},${serverFirst},${withoutProof}`
      const proof = Buffer.from(proofText, 'base64')
      const signature = hmac(verifier.storedKey, authMessage)
      if (proof.length !== signature.length) return undefined
      const clientKey = Buffer.from(signature.map((byte, index) => byte ^ (proof[index] ?? 0)))
      if (!timingSafeEqual(sha256(clientKey), verifier.storedKey)) return undefined
      return Buffer.from(`v=${hmac(verifier.serverKey, authMessage).toString('base64')}`)
    },
  }
}
