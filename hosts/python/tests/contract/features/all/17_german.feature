# language: de
@größe
Funktionalität: Umlaute

  Grundlage:
    Angenommen it counts

  Szenario: größer
    Wenn the größe is größer €
    Und it counts
    Dann the count is 2

  Szenariogrundriss: rows <ä>
    Dann the row has ä <ä>
    Beispiele: ö
      | ä |
      | ß |
