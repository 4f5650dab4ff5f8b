import { asItCame, joinCases } from './join.case.ts'
import { onreadJoin } from './onread.ts'

joinCases(onreadJoin, asItCame)
