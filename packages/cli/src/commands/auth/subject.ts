// Credentials in words, without their secret.

import type { Credentials } from '../../connect.ts'

interface Subject {
  readonly name: string
  readonly type: 'API key' | 'Service Account' | 'account'
}

export function subjectOf(credentials: Credentials): Subject {
  switch (credentials.kind) {
    case 'digest':
      return { name: credentials.publicKey, type: 'API key' }
    case 'serviceAccount':
      return { name: credentials.clientId, type: 'Service Account' }
    case 'bearer':
      return { name: 'the holder of an access token', type: 'account' }
  }
}
