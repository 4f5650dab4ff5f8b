// Compass takes a string.

import { CopyBlock } from '../../frame/copy-block.tsx'
import type { MethodProps } from './connect-step.tsx'

export const Compass = ({ connectionString, caFile }: MethodProps) => (
  <section>
    <h3>Connection string</h3>
    <p>
      In Compass, add a new connection, paste this string and put the password, percent-encoded, in the place of
      &lt;db_password&gt;.
      {caFile !== null && ` Under Advanced Connection Options, TLS/SSL, choose ${caFile} as Certificate Authority.`}
    </p>
    <CopyBlock label="Connection string" text={connectionString} />
  </section>
)
