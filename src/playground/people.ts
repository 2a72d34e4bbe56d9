/**
 * The people of the playground. Every identity is a constant, so that data kept from one run to the next
 * (who asked, who decided) still names the same people.
 */
import { z } from "zod";

export const personIds = ["robin", "ana", "ben", "olga"] as const;
export const personIdSchema = z.enum(personIds);
export type PersonId = (typeof personIds)[number];

export interface Person {
  readonly id: PersonId;
  readonly name: string;
  /** What this person is in the playground's policy, in words for the page. */
  readonly role: string;
  readonly teams: {
    /** The id Teams puts into `from.id`: an MRI, different for every bot, opaque. */
    readonly mri: string;
    /** The person's object id in Entra ID. */
    readonly aadObjectId: string;
    readonly upn: string;
  };
  readonly slack: { readonly userId: string; readonly handle: string };
}

export const people: Readonly<Record<PersonId, Person>> = {
  robin: {
    id: "robin",
    name: "Robin Reyes",
    role: "on-call engineer, may ask",
    teams: {
      mri: "29:1Rb7mW4pQxT2sVvYk0nHcEoLdJ6uGzAfNiKq3hBrDgX8",
      aadObjectId: "7c1d3a52-90f4-4c1b-8a6e-1f0b6c2d4e01",
      upn: "robin.reyes@contoso.example",
    },
    slack: { userId: "U0ROBIN01", handle: "robin" },
  },
  ana: {
    id: "ana",
    name: "Ana Alvarez",
    role: "platform lead, may approve",
    teams: {
      mri: "29:1An5kZ8tLwC3rPyUe7mJbSoVdQ2xGiHfNcTq6hWvDgE4",
      aadObjectId: "2e9b6f10-4d87-4b3a-9c55-6a7d8e9f0a02",
      upn: "ana.alvarez@contoso.example",
    },
    slack: { userId: "U0ANA0001", handle: "ana" },
  },
  ben: {
    id: "ben",
    name: "Ben Becker",
    role: "network engineer, may approve",
    teams: {
      mri: "29:1Bn3yH9gFsX6wMzOa1pKcUrTeR4lJvIdQbZk8nPqVhC7",
      aadObjectId: "b4f7c8d3-1a26-4e5d-8f90-3c2b1a0d9e03",
      upn: "ben.becker@contoso.example",
    },
    slack: { userId: "U0BEN0001", handle: "ben" },
  },
  olga: {
    id: "olga",
    name: "Olga Outsider",
    role: "guest of the channel, no rights",
    teams: {
      mri: "29:1Og8uD2vJqN5xLwBs6tYfMiPcA9hKrEeZoGk4mTnXbS3",
      aadObjectId: "d05e2b97-6c3f-4a18-b7e4-9f8a7b6c5d04",
      upn: "olga.outsider@contoso.example",
    },
    slack: { userId: "U0OLGA001", handle: "olga" },
  },
};

/** Everybody, in the order the page shows them. */
export const everybody: readonly Person[] = personIds.map((id) => people[id]);

/** The person whom Teams knows by this MRI or Entra object id. */
export function personOfTeams(id: string): Person | undefined {
  return everybody.find(({ teams }) => teams.mri === id || teams.aadObjectId === id);
}

/** The person whom Slack knows by this user id. */
export function personOfSlack(userId: string): Person | undefined {
  return everybody.find(({ slack }) => slack.userId === userId);
}
