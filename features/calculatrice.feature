# language: fr
# One example in another language, on purpose.
# bdd-lint: ignore mixed-languages
Fonctionnalité: Calculatrice
  Les mêmes calculs, écrits par une équipe francophone. La première ligne nomme la langue ;
  `bdd languages fr` en montre les mots clés.

  Contexte:
    Soit une calculatrice remise à zéro

  Scénario: Additionner deux nombres
    Étant donné que j'ai saisi 1,5
    Et que j'ai saisi 2,25
    Quand j'appuie sur « additionner »
    Alors l'écran affiche 3,75

  Plan du scénario: Les quatre opérations
    Sachant que j'ai saisi <gauche>
    Et que j'ai saisi <droite>
    Lorsque j'appuie sur « <touche> »
    Alors l'écran affiche <résultat>

    Exemples:
      | gauche | droite | touche      | résultat |
      | 7      | 2      | additionner | 9        |
      | 7      | 2      | soustraire  | 5        |
      | 7      | 2      | multiplier  | 14       |
      | 7      | 2      | diviser     | 3,5      |
