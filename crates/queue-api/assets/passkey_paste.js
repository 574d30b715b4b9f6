(() => {
  const options = OPTIONS;
  const button = document.createElement("button");
  button.textContent = LABEL;
  const look = "position:fixed;z-index:2147483647;top:20px;left:20px;padding:20px;font:20px sans-serif;color:#000;background:#fff;border:3px solid #000";
  button.style.cssText = look;
  button.onclick = async () => {
    try {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
      const credential = await navigator.credentials.get({ publicKey });
      const answer = document.createElement("textarea");
      answer.readOnly = true;
      answer.value = JSON.stringify(credential.toJSON());
      answer.style.cssText = look + ";width:80%;height:40%";
      button.replaceWith(answer);
      answer.select();
      await navigator.clipboard?.writeText(answer.value);
    } catch (error) {
      if (button.isConnected) button.textContent = LABEL + " (" + error.name + ")";
    }
  };
  document.body.append(button);
})();
