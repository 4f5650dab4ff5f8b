// The strings to take along: those of the API, with a place for the user. A password is never part of one.

import type { Door, StringForm } from './choice.ts'

const placeOfPassword = '<db_password>'
const placeOfUsername = '<db_username>'

/** As a connection string has it; also what a shell or a program could trip over is encoded. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/** `mongodb://app:<db_password>@host:1024/?…`. */
export function withUser(connectionString: string, username: string | undefined): string {
  const user = username === undefined ? placeOfUsername : encoded(username)
  return connectionString.replace('://', () => `://${user}:${placeOfPassword}@`)
}

/**
 * An endpoint's string without a user. SRV means TLS to every driver, and an endpoint that is told by its address speaks
 * none: its SRV string says so.
 */
export function endpointString(
  door: Pick<Door, 'form' | 'standard' | 'srv' | 'loadBalanced'>,
  form: StringForm,
): string {
  if (form === 'loadBalanced' && door.loadBalanced !== null)
    return door.form === 'address' ? door.loadBalanced.standard : door.loadBalanced.srv
  if (form === 'standard') return door.standard
  return door.form === 'address' ? withOption(door.srv, 'tls', 'false') : door.srv
}

/** The same string with one option more. */
export function withOption(connectionString: string, name: string, value: string): string {
  const option = `${name}=${encoded(value)}`
  if (connectionString.includes('?')) return `${connectionString}&${option}`
  return /:\/\/[^/]*\//.test(connectionString) ? `${connectionString}?${option}` : `${connectionString}/?${option}`
}

/** What the doctor is asked about: `host:port` of each member, or the SRV name. */
export function hostsOf(connectionString: string): readonly string[] {
  const [, hosts = ''] = /^mongodb(?:\+srv)?:\/\/(?:[^@/]*@)?([^/?]*)/.exec(connectionString) ?? []
  return hosts.split(',').filter((host) => host !== '')
}
