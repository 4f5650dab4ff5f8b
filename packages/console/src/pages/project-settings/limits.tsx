// How much a project may have of what.

import { Cell, Row } from '@leafygreen-ui/table'
import { useOperation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { useGroupId } from '../../frame/place.ts'
import { WideTable } from '../../frame/wide-table.tsx'

export function Limits() {
  const limits = useOperation('listGroupLimits', { params: { groupId: useGroupId() } })
  return (
    <Answered query={limits}>
      {(all) => (
        <WideTable label="Limits of the project" columns={['Limit', 'Value', 'In use', 'Default']}>
          {all.map(({ name, value, currentUsage, defaultLimit }) => (
            <Row key={name}>
              <Cell>{name.replace('atlas.project.', '')}</Cell>
              <Cell>{value}</Cell>
              <Cell>{currentUsage ?? ''}</Cell>
              <Cell>{defaultLimit ?? ''}</Cell>
            </Row>
          ))}
        </WideTable>
      )}
    </Answered>
  )
}
