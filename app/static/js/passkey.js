// Lets the person's device answer with a passkey, or make one, and sends its answer with the form around it. What is a number of
// bytes travels as base64url.
export default class Passkey {
  constructor(root) {
    this.root = root;
    this.form = root.closest("form");
    if (!window.isSecureContext || !window.PublicKeyCredential || !navigator.credentials) return;
    this.makes = root.dataset.passkey === "create";
    this.button = root.querySelector("button");
    this.status = root.querySelector("[role=status]");
    this.button.addEventListener("click", () => this.go());
    if (this.makes) this.form.addEventListener("submit", (event) => this.instead(event)); // Enter in the name
    root.hidden = false;
    for (const unable of this.form.querySelectorAll("[data-passkey-unable]")) unable.hidden = true;
  }

  instead(event) {
    event.preventDefault();
    this.go();
  }

  async go() {
    if (this.button.disabled) return;
    this.button.disabled = true;
    this.status.textContent = this.root.dataset.wait;
    const sentence = await this.answer().catch((fault) => this.root.dataset[fault.name === "InvalidStateError" ? "known" : "failed"]);
    this.button.disabled = false;
    this.status.textContent = sentence;
  }

  // Sends the form, or returns the sentence that says why not.
  async answer() {
    const question = await this.question();
    if (question.sentence) return question.sentence;
    const { credentials } = navigator;
    const publicKey = Passkey.read(question);
    const credential = await (this.makes ? credentials.create({ publicKey }) : credentials.get({ publicKey }));
    this.root.querySelector("input").value = JSON.stringify(Passkey.write(credential));
    HTMLFormElement.prototype.submit.call(this.form); // no matter what its fields are called
    return this.root.dataset.wait;
  }

  async question() {
    const token = this.form.elements.csrf_token.value;
    const asked = { method: "POST", headers: { Accept: "application/json", "X-CSRFToken": token } };
    const answer = await fetch(this.root.dataset.ask, asked).catch(() => null);
    const question = answer && (await answer.json().catch(() => null));
    return question && (answer.ok || question.sentence) ? question : { sentence: this.root.dataset.broken };
  }

  static read(question) {
    const known = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));
    const { challenge, user, excludeCredentials, allowCredentials } = question;
    return {
      ...question,
      challenge: bytes(challenge),
      ...(user && { user: { ...user, id: bytes(user.id) }, excludeCredentials: known(excludeCredentials) }),
      ...(allowCredentials && { allowCredentials: known(allowCredentials) }),
    };
  }

  static write({ id, rawId, type, response }) {
    const sent = response.getTransports ? { transports: response.getTransports() } : {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[part]) sent[part] = text(response[part]);
    }
    return { id, rawId: text(rawId), type, response: sent };
  }
}

function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
}

function text(buffer) {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return base64.replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}
