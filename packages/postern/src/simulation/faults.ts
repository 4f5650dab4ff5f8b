// Faults that can be planted by name, to show that the simulation would find them. Each is what a plausible mistake would
// do, placed around the real parts: none of their code knows of it.

import type { Provider } from '@postern/control-plane/providers/provider'
import type { Turns } from '@postern/control-plane/reconcile/turns'
import type { Mark } from '@postern/edge/follow/decide'
import type { Random } from './random.ts'

export interface Fault {
  /** What goes wrong, as a sentence. */
  readonly says: string
  readonly turns?: (turns: Turns, random: Random) => Turns
  /** Made anew with every process of the control plane. */
  readonly provider?: (provider: Provider) => Provider
  readonly accepts?: (held: Mark | null, offered: Mark) => boolean
  /** The edge goes on admitting what an earlier snapshot listed. */
  readonly remembersEndpoints?: true
  /** After a crash, what was being done is not taken up again, and nothing is looked at. */
  readonly forgetsAtRestart?: true
  /** Statements that make the database do it, and that undo them. */
  readonly database?: { readonly plant: readonly string[]; readonly remove: readonly string[] }
}

export const faults = {
  'lost-wake-up': {
    says: 'now and then a wish is stored and nobody is woken for it',
    turns: (turns, random) => ({
      ...turns,
      wake: async (tx, kind, id) => {
        if (random.chance(0.9)) await turns.wake(tx, kind, id)
      },
    }),
  },
  'step-not-repeatable': {
    says: 'a restarted control plane makes a service without looking whether it is there',
    provider: (provider) => {
      const looked = new Set<string>()
      return {
        ...provider,
        observeService: async (wish) => {
          const seen = await provider.observeService(wish)
          if (looked.has(wish.serviceId)) return seen
          looked.add(wish.serviceId)
          return null
        },
      }
    },
  },
  'older-snapshot-wins': {
    says: 'an edge takes whatever comes last, also when it is older',
    accepts: () => true,
  },
  'port-given-twice': {
    says: 'a gateway port that is in use is given to another member',
    database: {
      plant: [
        `alter table member_port drop constraint member_port_gateway_port_once`,
        `create function give_port_again() returns trigger language plpgsql as $$ begin
          new.gateway_port = coalesce((select min(gateway_port) from member_port), new.gateway_port);
          return new;
        end $$`,
        `create trigger give_port_again before insert on member_port for each row execute function give_port_again()`,
      ],
      remove: [
        `drop trigger give_port_again on member_port`,
        `drop function give_port_again`,
        `delete from member_port`,
        `alter table member_port add constraint member_port_gateway_port_once unique (gateway_port)`,
      ],
    },
  },
  'number-given-again': {
    says: 'the number of an endpoint that went is given to the next one',
    database: {
      plant: [
        `create function give_number_again() returns trigger language plpgsql as $$ begin
          update "group" set next_pl = greatest(next_pl - 1, 0) where id = old.group_id;
          return old;
        end $$`,
        `create trigger give_number_again after delete on private_endpoint
          for each row execute function give_number_again()`,
      ],
      remove: [`drop trigger give_number_again on private_endpoint`, `drop function give_number_again`],
    },
  },
  'region-held-for-undo': {
    says: 'a service that is to go stays, so that its termination can be taken back',
    database: {
      plant: [
        `create function hold_service() returns trigger language plpgsql as $$ begin raise 'held'; end $$`,
        `create trigger hold_service before delete on endpoint_service for each row execute function hold_service()`,
      ],
      remove: [`drop trigger hold_service on endpoint_service`, `drop function hold_service`],
    },
  },
  'undone-twice': {
    says: 'what a termination left behind stays when it was taken back',
    database: {
      plant: [`create rule keep_termination as on delete to termination do instead nothing`],
      remove: [`drop rule keep_termination on termination`],
    },
  },
  'forgotten-wish-at-restart': {
    says: 'what was being done when the control plane died is not taken up again',
    forgetsAtRestart: true,
  },
  'admitted-before-available': {
    says: 'an edge admits endpoints that its newest snapshot does not list',
    remembersEndpoints: true,
  },
} as const satisfies Record<string, Fault>

export type FaultName = keyof typeof faults

export const isFaultName = (text: string): text is FaultName => Object.hasOwn(faults, text)
