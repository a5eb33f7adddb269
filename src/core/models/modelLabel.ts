/** A model as people see it: its name and revision, the revision once where the name has it already, as names of adapters on servers do. */
export function modelLabel(name: string, revision: string): string {
  return name.includes(revision) ? name : `${name} ${revision}`;
}
