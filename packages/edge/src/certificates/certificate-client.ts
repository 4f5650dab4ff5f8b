// The one request for a certificate. Says apart what is wrong with one endpoint from a control plane that is away, since
// then nobody needs to be asked for the next.

import { type ControlPlaneParts, createControlPlane, reasonOf, refusal, textOf } from '../control-plane.ts'

export type CertificateAnswer =
  | { readonly kind: 'chain'; readonly chain: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'away'; readonly reason: string }

export interface CertificateClient {
  /** Never rejects. */
  readonly ask: (endpointId: string, csr: string) => Promise<CertificateAnswer>
  readonly close: () => void
}

const limitMs = 10_000
const largestAnswer = 256 * 1024

export function createCertificateClient(parts: ControlPlaneParts): CertificateClient {
  const { ask, close } = createControlPlane(parts)
  return {
    async ask(endpointId, csr) {
      try {
        return await ask({ path: 'certificates', body: { endpointId, csr }, limitMs }, async (response) => {
          const text = await textOf(response, largestAnswer)
          if (response.status === 201) return { kind: 'chain', chain: parseChain(text) }
          const own = response.status === 400 || response.status === 404
          return { kind: own ? 'refused' : 'away', reason: refusal(response) }
        })
      } catch (error) {
        return { kind: 'away', reason: reasonOf(error) }
      }
    },
    close,
  }
}

function parseChain(json: string): string {
  const answer: unknown = JSON.parse(json)
  const chain = typeof answer === 'object' && answer !== null && 'chain' in answer ? answer.chain : undefined
  if (typeof chain !== 'string') throw new Error('the control plane answered without a certificate')
  return chain
}
