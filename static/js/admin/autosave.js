/*
 * Closes gaps of Wagtail's autosave. Without this script, or autosave, the form is saved when a button is pressed.
 *
 * Wagtail collects the form when an autosave is called for, sends it half a second later or more, and when the answer
 * comes takes for saved whatever the form holds by then. A picture chosen in between was in no autosave, and leaving
 * gave no warning. Here the form stays unsaved if it differs from what was collected: Wagtail's next look saves it.
 *
 * A page published while its first autosave was under way was made twice: the second time "the slug is already in
 * use". Here the button waits until the autosave has its answer, and no other begins meanwhile.
 *
 * Wagtail tries an autosave again that got no answer, but none that met a server just being started anew ("502 Bad
 * Gateway"). And when it cannot fetch what the form of a page that was just made lacks, it never saves by itself again,
 * whatever the reason. Here both are tried again too.
 */
const LONGEST_WAIT = 10000;
// As long as Wagtail's own buttons count as pressed.
const SUBMISSION = 30000;

// As often, and as long apart, as Wagtail after a network error.
const MOST_RETRIES = 5;
const FIRST_RETRY = 2000;

const flights = new WeakMap();
const retries = new WeakMap();

const controllerOf = (form, name) => window.wagtail.app.getControllerForElementAndIdentifier(form, name);

const without = (text, names) => {
  const data = new URLSearchParams(text);
  names.forEach((name) => data.delete(name));
  return data.toString();
};

const keepUnsaved = (form, sent, data) => {
  const unsaved = controllerOf(form, 'w-unsaved');
  // Fields that the server filled in by its answer, such as the keys of new records, are no changes of the editor's.
  const filledIn = Object.keys(data?.field_updates ?? {});
  if (unsaved && without(sent, filledIn) !== without(unsaved.formData, filledIn)) unsaved.initialFormData = sent;
};

const submitAtLast = (form, { button }) => {
  const wasDisabled = button?.disabled;
  // The name of a disabled button is not sent: publishing would only save.
  if (button) button.disabled = false;
  form.requestSubmit(button);
  if (button) button.disabled = wasDisabled;
};

const land = (form) => {
  const flight = flights.get(form);
  flights.delete(form);
  clearTimeout(flight?.timer);
  if (flight?.pressed) submitAtLast(form, flight.pressed);
};

const pauseAutosave = (form) => {
  const autosave = controllerOf(form, 'w-autosave');
  if (!autosave?.activeValue) return;
  autosave.activeValue = false;
  setTimeout(() => { autosave.activeValue = true; }, SUBMISSION);
};

const forgetRetries = (form) => {
  clearTimeout(retries.get(form)?.timer);
  retries.delete(form);
};

const retryLater = (form, retry) => {
  const { timer, count } = retries.get(form) ?? { count: 0 };
  clearTimeout(timer);
  if (count < MOST_RETRIES) {
    retries.set(form, { count: count + 1, timer: setTimeout(retry, FIRST_RETRY * 2 ** count) });
  }
};

// The page is made. What its form lacks is fetched, such as the buttons of a page that is there, and all saved at once.
const completeForm = async (form, url, trigger) => {
  const autosave = controllerOf(form, 'w-autosave');
  try {
    await autosave.hydrate({ detail: { url } });
  } catch {
    retryLater(form, () => completeForm(form, url, trigger));
    return;
  }
  autosave.activeValue = true;
  autosave.save(trigger);
};

document.addEventListener('w-autosave:save', (event) => {
  const unsaved = controllerOf(event.target, 'w-unsaved');
  if (unsaved && !event.defaultPrevented) flights.set(event.target, { sent: unsaved.formData });
});

document.addEventListener('w-autosave:success', ({ target, detail }) => {
  if (flights.has(target)) keepUnsaved(target, flights.get(target).sent, detail.data);
  forgetRetries(target);
  land(target);
});

document.addEventListener('w-autosave:error', ({ target, detail: { type, response, trigger } }) => {
  if (response?.hydrate_url) {
    retryLater(target, () => completeForm(target, response.hydrate_url, trigger));
  } else if (type === 'server_error') {
    retryLater(target, () => controllerOf(target, 'w-autosave')?.save(trigger));
  }
  land(target);
});

// Before Wagtail takes the form for submitted.
document.addEventListener('submit', (event) => {
  const { target: form, submitter } = event;
  const flight = flights.get(form);
  if (flight) {
    event.preventDefault();
    event.stopImmediatePropagation();
    flight.pressed = { button: submitter };
    flight.timer ??= setTimeout(land, LONGEST_WAIT, form);
  } else {
    forgetRetries(form);
    pauseAutosave(form);
  }
}, true);
