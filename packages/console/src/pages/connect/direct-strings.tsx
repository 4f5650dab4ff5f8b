// One string for each member, through the endpoint. Whoever uses one stays with that member, primary or not.

import { CopyBlock } from '../../frame/copy-block.tsx'
import type { Door } from './choice.ts'
import styles from './connect.module.css'
import { withUser } from './connection-string.ts'

export const DirectStrings = ({ door, username }: { readonly door: Door; readonly username: string | undefined }) => (
  <section>
    <h3>Direct connection strings</h3>
    <p>Each leads to one member, primary or not. Applications take the standard or the SRV string instead.</p>
    {door.direct.map(({ member, connectionString }) => (
      <div key={member} className={styles.member}>
        <p className={styles.quiet}>Member {member}</p>
        <CopyBlock label={`Connection string of ${member}`} text={withUser(connectionString, username)} />
      </div>
    ))}
  </section>
)
