import { Eye, EyeOff, Lock, Undo2 } from 'lucide-react';
import { useId, useState } from 'react';
import type { SecretField } from '#shared/connections/connection';
import { useText } from '../i18n/use-text.ts';
import { Button, IconButton, Input, Textarea } from '../ui/index.ts';
import { connectionText } from './text.ts';

interface SecretInputProps {
  readonly field: SecretField;
  /** Does the studio keep one? */
  readonly saved: boolean;
  /** What was typed over it, null where it is to be removed, undefined where it stays as it is. */
  readonly value: string | null | undefined;
  readonly onValue: (value: string | null | undefined) => void;
  /** Does whoever sets up this studio let secrets rest as plain text? */
  readonly plain: boolean;
  /** Why the studio did not take it. */
  readonly problem: string | null;
}

/** A secret goes in here and never comes out: of one that is kept it says only that it is. */
export function SecretInput({ field, saved, value, onValue, plain, problem }: SecretInputProps) {
  const { t, pick } = useText();
  const id = useId();
  const label = pick(field.label);
  const resting = saved && (value === undefined || value === null);
  return (
    <div data-field={field.name} className="flex flex-col gap-1">
      {/* Of what is kept there is no control to name. */}
      {resting ? <span className="text-xs font-medium text-ink-2">{label}</span> : <label htmlFor={id} className="text-xs font-medium text-ink-2">{label}</label>}
      {resting ? (
        <div role="group" aria-label={label} className="flex h-7 items-center gap-1.5 rounded-md border border-line bg-sunken pr-0.5 pl-2 text-sm">
          <Lock className="size-3.5 shrink-0 text-ink-3" aria-hidden="true" />
          <span className="mr-auto text-ink-2">{t(value === null ? connectionText.secretGoes : connectionText.secretSaved)}</span>
          {value === null ? (
            <Button size="sm" variant="ghost" icon={<Undo2 />} onClick={() => onValue(undefined)}>
              {t(connectionText.keepSaved)}
            </Button>
          ) : (
            <>
              <Button size="sm" variant="ghost" aria-label={t(connectionText.replaceOf, label)} onClick={() => onValue('')}>
                {t(connectionText.replace)}
              </Button>
              <Button size="sm" variant="ghost" aria-label={t(connectionText.removeOf, label)} onClick={() => onValue(null)}>
                {t(connectionText.remove)}
              </Button>
            </>
          )}
        </div>
      ) : (
        <Typing id={id} multiline={field.multiline === true} value={value ?? ''} invalid={problem !== null} autoFocus={saved} onValue={(text) => onValue(text === '' && !saved ? undefined : text)} />
      )}
      {problem === null ? null : (
        <p role="alert" className="text-xs text-failed">
          {problem}
        </p>
      )}
      {saved && typeof value === 'string' ? (
        <Button size="sm" variant="ghost" className="-ml-2 self-start" icon={<Undo2 />} onClick={() => onValue(undefined)}>
          {t(connectionText.keepSaved)}
        </Button>
      ) : problem === null ? (
        <p className="text-xs text-ink-3">{plain ? t(connectionText.secretPlainHelp) : resting ? t(connectionText.secretSavedHelp) : pick(field.help)}</p>
      ) : null}
    </div>
  );
}

interface TypingProps {
  readonly id: string;
  readonly multiline: boolean;
  readonly value: string;
  readonly invalid: boolean;
  readonly autoFocus: boolean;
  readonly onValue: (text: string) => void;
}

/** `new-password` is what keeps browsers from filling in a login of their own: they pass over `off` in a field like this. */
function Typing({ id, multiline, value, invalid, autoFocus, onValue }: TypingProps) {
  const { t } = useText();
  const [shown, setShown] = useState(false);
  const toggle = <IconButton size="sm" label={t(shown ? connectionText.hide : connectionText.show)} pressed={shown} icon={shown ? <EyeOff /> : <Eye />} onClick={() => setShown(!shown)} />;
  if (multiline) {
    return (
      <div className="relative">
        <Textarea
          id={id}
          rows={4}
          autoComplete="off"
          aria-invalid={invalid || undefined}
          autoFocus={autoFocus}
          placeholder={t(connectionText.pasteKey)}
          value={value}
          onChange={(event) => onValue(event.target.value)}
          className={shown || value === '' ? 'pr-8 font-mono text-xs' : 'pr-8 font-mono text-xs [-webkit-text-security:disc]'}
        />
        {value === '' ? null : <span className="absolute top-0.5 right-0.5">{toggle}</span>}
      </div>
    );
  }
  return (
    <div className="relative">
      <Input id={id} type={shown ? 'text' : 'password'} autoComplete="new-password" data-1p-ignore="" aria-invalid={invalid || undefined} autoFocus={autoFocus} value={value} onChange={(event) => onValue(event.target.value)} className="pr-8" />
      {value === '' ? null : <span className="absolute top-0.5 right-0.5">{toggle}</span>}
    </div>
  );
}
