// The certificates of a user that proves itself by one: those that have not expired, and another one, shown once.

import Button from '@leafygreen-ui/button'
import Modal from '@leafygreen-ui/modal'
import { Cell, Row } from '@leafygreen-ui/table'
import { Body, H3 } from '@leafygreen-ui/typography'
import { type FormEvent, useState } from 'react'
import { useChange, useOperation } from '../../api/operation.ts'
import { sentenceOf } from '../../api/sentence.ts'
import { useWholeList } from '../../api/whole-list.ts'
import { Answered } from '../../frame/answered.tsx'
import { downloadText } from '../../frame/download.ts'
import { MayButton } from '../../frame/may.tsx'
import { useGroupId } from '../../frame/place.ts'
import { SelectField } from '../../frame/select-field.tsx'
import { When } from '../../frame/when.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import { CertificateShown } from './certificate-shown.tsx'
import styles from './database-user.module.css'
import type { DatabaseUser } from './user-form.ts'

const lives = [1, 3, 6, 12, 24].map((months) => ({
  value: String(months),
  word: months === 1 ? '1 month' : `${months} months`,
}))

interface DialogProps {
  readonly user: DatabaseUser
  readonly onClose: () => void
}

export function Certificates({ user: { username }, onClose }: DialogProps) {
  const groupId = useGroupId()
  const params = { groupId, username }
  const certificates = useWholeList('listGroupDatabaseUserCerts', { params })
  const make = useChange('createGroupDatabaseUserCert')
  const [months, setMonths] = useState('3')
  const send = (event: FormEvent): void => {
    event.preventDefault()
    make.mutate({ params, body: { monthsUntilExpiration: Number(months) } })
  }
  if (make.data !== undefined) return <CertificateShown username={username} pem={make.data} onClose={onClose} />
  return (
    <Modal open setOpen={onClose} size="large" aria-label={`Certificates of ${username}`}>
      <H3 as="h2">Certificates of {username}</H3>
      <Body className={styles.says}>
        They are for deployments of your own that trust the authority of this server, have the user on $external, and
        are reached past the gateway: one that ends TLS hands no certificate on. A certificate cannot be taken back; it
        ends by itself.
      </Body>
      <Answered query={certificates}>
        {(all) =>
          all.length === 0 ? (
            <Body className={styles.quiet}>No certificate that is good.</Body>
          ) : (
            <WideTable label="Certificates" columns={['Serial Number', 'Subject', 'Created', 'Expires']}>
              {all.map(({ _id, subject, createdAt, notAfter }) => (
                <Row key={_id}>
                  <Cell>
                    <code>{_id}</code>
                  </Cell>
                  <Cell>{subject}</Cell>
                  <Cell>
                    <When at={createdAt} />
                  </Cell>
                  <Cell>
                    <When at={notAfter} />
                  </Cell>
                </Row>
              ))}
            </WideTable>
          )
        }
      </Answered>
      <form className={styles.make} onSubmit={send}>
        <div className={styles.grow}>
          <SelectField label="Good For" value={months} options={lives} onChange={setMonths} />
        </div>
        <MayButton operation="createGroupDatabaseUserCert" type="submit" isLoading={make.isPending}>
          Make a Certificate
        </MayButton>
      </form>
      {make.error !== null && <Body role="alert">{sentenceOf(make.error)}</Body>}
      <div className={styles.ways}>
        <Authority />
        <Button onClick={onClose}>Close</Button>
      </div>
    </Modal>
  )
}

/** What a deployment is to trust. */
function Authority() {
  const authority = useOperation('getDatabaseUserAuthority').data
  return (
    <Button
      disabled={authority === undefined}
      onClick={() => authority && downloadText('database-users-ca.pem', authority.certificate)}
    >
      Download the Authority
    </Button>
  )
}
