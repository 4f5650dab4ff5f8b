// What an error says at the terminal: the API's sentence, its code, the fields that were wrong; for a server that does
// not answer, its URL and what to do. Never a stack: an unknown error shows its message and is still exit 1.

import { ApiError, UnreachableError } from '@postern/contract/client'
import { printable } from '../print/json.ts'

export function errorText(problem: unknown): string {
  if (problem instanceof ApiError) return apiErrorText(problem)
  if (problem instanceof UnreachableError) return unreachableText(problem)
  return problem instanceof Error ? problem.message : String(problem)
}

function apiErrorText({ status, errorCode, detail, fields }: ApiError): string {
  const code = errorCode === undefined ? `HTTP ${status}` : `HTTP ${status}, ${errorCode}`
  const lines = [
    `${printable(detail)} (${printable(code)})`,
    ...fields.map(({ field, description }) => `  ${printable(field)}: ${printable(description)}`),
  ]
  if (status === 401) lines.push('  The server refused the keys; see which were used above.')
  return lines.join('\n')
}

const whys: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its host name does not resolve',
  EAI_AGAIN: 'its host name does not resolve',
  ECONNRESET: 'the connection was cut',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  UND_ERR_SOCKET: 'the connection was cut',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted; name its CA in NODE_EXTRA_CA_CERTS',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted; name its CA in NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted; name its CA in NODE_EXTRA_CA_CERTS',
}

function unreachableText({ baseUrl, cause }: UnreachableError): string {
  const why = cause instanceof Error && cause.name === 'TimeoutError' ? 'it does not answer' : reason(cause)
  return `the Postern server at ${baseUrl} cannot be reached: ${why}. Is it running? Start one with \`npx postern up\`.`
}

/** The innermost cause says it best: what `fetch` throws itself is always "fetch failed". */
function reason(cause: unknown): string {
  let last = 'no reason given'
  for (let problem = cause; problem instanceof Error; problem = innerOf(problem)) {
    const known = whys['code' in problem ? String(problem.code) : '']
    if (known !== undefined) return known
    if (problem.message !== '') last = printable(problem.message)
  }
  return last
}

const innerOf = (problem: Error): unknown =>
  problem.cause ?? (problem instanceof AggregateError ? problem.errors[0] : undefined)
