/*
 * Both lists are data of METEOR 1.5. Copyright Carnegie Mellon University (https://github.com/cmu-mtlab/meteor), GNU Lesser General
 * Public License 2.1; see NOTICE. With other lists the figures are no longer those of the official program.
 */

/** METEOR 1.5's English function words: those above one thousandth of its monolingual text. */
export const functionWords: ReadonlySet<string> = new Set(
  (
    `the , . to of and a in that for " is on 's it with was as said at he by be from have has are his but an this not i will ’ they ) ` +
    `-rrb- ( -lrb- who their had we which were been more or s its would about new one after you : also up when there than $ all out her ` +
    `people she year two - can if last first “ over other ” into some what so -- no time years could ? 't — '`
  ).split(' '),
);

/** Beginnings of a word with a dot that does not end a sentence, as METEOR 1.5 has them: before anything. */
export const abbreviations: ReadonlySet<string> = new Set(
  (
    'A B C D E F G H I J K L M N O P Q R S T U V W X Y Z Adj Adm Adv Asst Bart Bldg Brig Bros Capt Cmdr Col Comdr Con Corp Cpl DR Dr Drs ' +
    'Ens Gen Gov Hon Hr Hosp Insp Lt MM MR MRS MS Maj Messrs Mlle Mme Mr Mrs Ms Msgr Op Ord Pfc Ph Prof Pvt Rep Reps Res Rev Rt Sen Sens ' +
    'Sfc Sgt Sr St Supt Surg v vs i.e rev e.g Nos Nr'
  ).split(' '),
);

/** The same before a number. */
export const abbreviationsBeforeNumbers: ReadonlySet<string> = new Set(['No', 'Art', 'pp']);
