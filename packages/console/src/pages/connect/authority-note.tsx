// Whom clients of an endpoint that is told by name are to trust, and those of a standard listener.

import Button from '@leafygreen-ui/button'
import Download from '@leafygreen-ui/icon/dist/Download'
import { useQuery } from '@tanstack/react-query'
import { operation } from '../../api/operation.ts'
import styles from './connect.module.css'

export function AuthorityNote({ of = 'This endpoint' }: { readonly of?: string }) {
  const { data } = useQuery({ ...operation('getCertificateAuthority'), staleTime: Number.POSITIVE_INFINITY })
  return (
    <p className={styles.quiet}>
      {of} speaks TLS with a certificate of this installation’s own authority. Save that one beside your program:{' '}
      <Button
        size="xsmall"
        leftGlyph={<Download />}
        disabled={data === undefined}
        onClick={() => data && save('ca.pem', data.certificate)}
      >
        Download ca.pem
      </Button>
    </p>
  )
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/x-pem-file' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
