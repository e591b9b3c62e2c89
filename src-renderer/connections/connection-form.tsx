import { useMemo } from 'react';
import { connectionSpecs } from '#shared/connections/kinds';
import type { ErrorInfo } from '#shared/errors';
import type { SecretField } from '#shared/connections/connection';
import { problemText } from '#shared/workflow/problems';
import { useInfo } from '../app/queries.ts';
import { useText } from '../i18n/use-text.ts';
import { Field, Input } from '../ui/index.ts';
import { Fields } from '../widgets/fields.tsx';
import { FormContext } from '../widgets/widget.ts';
import type { Form } from '../widgets/widget.ts';
import { widgets } from '../widgets/widgets.ts';
import type { Editing } from './dialogs.ts';
import { placeOf, secretsAsked, settingsProblems } from './form.ts';
import type { Draft, NameProblem } from './form.ts';
import { SecretInput } from './secret-input.tsx';
import { connectionText, nameProblemText } from './text.ts';

interface ConnectionFormProps {
  readonly id: string;
  readonly editing: Editing;
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
  readonly nameWrong: NameProblem | null;
  /** Do secrets rest as plain text? */
  readonly plain: boolean;
  /** What is missing is said once somebody has tried to save. */
  readonly strict: boolean;
  /** What the studio has refused about it, or found out by trying it: told at the field where it names one. */
  readonly refused: ErrorInfo | null;
}

// The host and its port are one thing to read.
const GRID = 'grid grid-cols-6 gap-x-3 gap-y-3.5 [&>*]:col-span-6 [&>[data-field=host]]:col-span-4 [&>[data-field=port]]:col-span-2';

/** The form of a kind, made from its spec: its settings as a node's are, and behind each the secrets that belong to it. */
export function ConnectionForm({ id, editing, draft, onDraft, nameWrong, plain, strict, refused }: ConnectionFormProps) {
  const { t, language } = useText();
  const { kind, settings, secrets } = draft;
  const { params } = connectionSpecs[kind];
  const { previous } = editing;
  const nativeDialogs = useInfo().data?.nativeDialogs === true;
  const problems = useMemo(() => settingsProblems({ kind, settings }), [kind, settings]);
  const form = useMemo(
    (): Form => ({
      widgets,
      columns: [],
      meaning: null,
      nativeDialogs,
      tryExpression: () => Promise.reject(new Error('A connection has no rows.')),
      problemAt: (path) => {
        if (refused !== null && placeOf(refused, draft.name) === path) return refused.message;
        const problem = problems.find((one) => one.field === path && (strict || one.code !== 'config_missing'));
        return problem === undefined ? null : problemText(problem, language).message;
      },
    }),
    [nativeDialogs, problems, refused, draft.name, strict, language],
  );
  const asked = secretsAsked(draft);
  const secret = (field: SecretField) => (
    <SecretInput
      key={field.name}
      field={field}
      saved={previous?.secrets[field.name] === true}
      value={secrets[field.name]}
      plain={plain}
      problem={refused !== null && placeOf(refused, draft.name) === field.name ? refused.message : null}
      onValue={(value) => {
        const { [field.name]: _before, ...others } = secrets;
        onDraft({ ...draft, secrets: value === undefined ? others : { ...others, [field.name]: value } });
      }}
    />
  );
  const renamed = previous !== null && previous.usedBy.length > 0 && draft.name.trim() !== previous.name && nameWrong === null;
  const given = previous === null && editing.name !== null && editing.onSaved !== undefined;
  const nameError = refused?.place === 'name' ? refused.message : nameWrong === null || (nameWrong === 'missing' && !strict) ? null : t(nameProblemText[nameWrong]);
  return (
    <FormContext value={form}>
      <div className={GRID}>
        <Field
          label={t(connectionText.name)}
          htmlFor={`${id}-name`}
          error={nameError}
          help={renamed ? <span className="text-interrupted">{t(connectionText.renamed, previous.usedBy.join(', '))}</span> : t(given ? connectionText.nameGiven : connectionText.nameHelp)}
        >
          <Input
            id={`${id}-name`}
            autoFocus={previous === null && !given}
            readOnly={given}
            maxLength={100}
            aria-invalid={nameError !== null || undefined}
            value={draft.name}
            onFocus={(event) => (previous === null ? event.target.select() : undefined)}
            onChange={(event) => onDraft({ ...draft, name: event.target.value })}
          />
        </Field>
        <Fields
          key={kind}
          params={params}
          config={settings}
          path=""
          onChange={(name, value) => {
            const { [name]: _before, ...others } = settings;
            onDraft({ ...draft, settings: value === undefined ? others : { ...others, [name]: value } });
          }}
          after={(name) => asked.filter((field) => field.after === name).map(secret)}
        />
        {asked.filter((field) => !params.some((param) => param.name === field.after)).map(secret)}
      </div>
    </FormContext>
  );
}
