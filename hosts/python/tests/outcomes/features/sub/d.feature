# language: de
Funktionalität: Deutsch
  Szenario: Eins
    Angenommen 1 apples
    Dann there are 1 apples
  @embed @fast
  Szenario: Zwei
    Angenommen an attachment
