/*
 * Counts the characters of the field in a panel, and says when it is longer than reads well (core.panels.counted).
 * Without it the form is the same, with no count.
 */
class CounterController extends window.StimulusModule.Controller {
  static values = { about: Number };

  connect() {
    this.field = this.element.querySelector('input[type="text"], textarea');
    if (!this.field) return;
    this.count = document.createElement('p');
    this.count.className = 'w-help-text w-my-1';
    this.count.id = `${this.field.id}-count`;
    this.warning = document.createElement('span');
    this.warning.className = 'w-sr-only';
    this.warning.setAttribute('role', 'status');
    this.field.after(this.count, this.warning);
    this.describedBy = this.field.getAttribute('aria-describedby');
    this.field.setAttribute('aria-describedby', [this.describedBy, this.count.id].filter(Boolean).join(' '));
    this.update = () => this.show();
    this.field.addEventListener('input', this.update);
    this.show();
  }

  show() {
    const { length } = [...this.field.value.trim()];
    const tooLong = length > this.aboutValue;
    this.count.textContent = tooLong
      ? `${length} characters: more than the ${this.aboutValue} that read well. The end may be cut off.`
      : `${length} of about ${this.aboutValue} characters`;
    this.count.classList.toggle('w-text-critical-200', tooLong);
    // Heard once, when the field becomes too long, and not at every key.
    const warning = tooLong ? `More than ${this.aboutValue} characters` : '';
    if (this.warning.textContent !== warning) this.warning.textContent = warning;
  }

  disconnect() {
    if (!this.field) return;
    this.field.removeEventListener('input', this.update);
    if (this.describedBy) this.field.setAttribute('aria-describedby', this.describedBy);
    else this.field.removeAttribute('aria-describedby');
    this.count.remove();
    this.warning.remove();
  }
}

window.wagtail.app.register('counter', CounterController);
