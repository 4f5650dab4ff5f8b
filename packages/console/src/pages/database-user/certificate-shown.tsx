// A certificate with its key, right after it was made: the server does not keep the key.

import Button from '@leafygreen-ui/button'
import { CopyBlock } from '../../frame/copy-block.tsx'
import { downloadText } from '../../frame/download.ts'
import { SecretShown } from '../../frame/secret-shown.tsx'
import styles from './database-user.module.css'
import { certificateFile } from './user-form.ts'

interface ShownProps {
  readonly username: string
  readonly pem: string
  readonly onClose: () => void
}

export const CertificateShown = ({ username, pem, onClose }: ShownProps) => (
  <SecretShown
    title={`Certificate of ${username}`}
    says="Save it now: the key in it is kept nowhere, and is not shown again. Drivers take the file as tlsCertificateKeyFile."
    onClose={onClose}
  >
    <div className={styles.pem}>
      <CopyBlock label="certificate and key" text={pem} />
    </div>
    <div className={styles.below}>
      <Button onClick={() => downloadText(certificateFile(username), pem)}>Download</Button>
    </div>
  </SecretShown>
)
