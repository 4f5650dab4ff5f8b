// mongosh asks for the password, so that it stands in no list of processes and in no history.

import { shellWord } from '@postern/contract/shell-words'
import { CopyBlock } from '../../frame/copy-block.tsx'
import styles from './connect.module.css'
import type { MethodProps } from './connect-step.tsx'

export function Mongosh({ bare, connectionString, username, caFile }: MethodProps) {
  const command = [
    `mongosh ${shellWord(bare)}`,
    `--username ${shellWord(username ?? '<db_username>')}`,
    ...(caFile === null ? [] : [`--tlsCAFile ${caFile}`]),
  ].join(' ')
  return (
    <>
      <section>
        <h3>Run mongosh</h3>
        <p>
          It asks for the password. Where it is not installed, <code>npx -y mongosh</code> in its place does as well.
        </p>
        <CopyBlock label="Command" text={command} />
      </section>
      <section>
        <h3>Connection string</h3>
        <p className={styles.quiet}>Put the password, percent-encoded, in the place of &lt;db_password&gt;.</p>
        <CopyBlock label="Connection string" text={connectionString} />
      </section>
    </>
  )
}
