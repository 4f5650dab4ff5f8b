// The step that is shown, for those who would rather have it in a script.

import { CopyBlock } from '../../../frame/copy-block.tsx'
import { useGroupId } from '../../../frame/place.ts'
import { Folded } from '../folded.tsx'
import { asCommand, asTerraform, type WantedService } from './wanted-service.ts'

export function SameElsewhere({ wanted }: { readonly wanted: WantedService }) {
  const groupId = useGroupId()
  const command = asCommand(wanted, groupId)
  return (
    <Folded title="The same by command line or Terraform">
      {command !== null && <CopyBlock label="Command" text={command} />}
      <CopyBlock label="Terraform" text={asTerraform(wanted, groupId)} />
    </Folded>
  )
}
