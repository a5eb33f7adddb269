/** Numbers of two digits in words, as a translation may write them. Pure. */
import { findLanguage } from '../text/languages.ts';

/** 10 to 20, then the tens up to 90: beginnings of the words, as cases and multiples change their ends; parts of patterns. */
const words: Readonly<Record<string, string>> = {
  en: 'ten(?!\\p{L}) eleven twel[fv] thirteen fourteen fifteen sixteen seventeen eighteen nineteen twent thirt fort[iy] fift sixt sevent eight ninet',
  de: 'zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig',
  nl: 'tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig dertig veertig vijftig zestig zeventig tachtig negentig',
  sv: 'tio elva tolv tretton fjorton femton sexton sjutton arton nitton tjugo trettio fyrtio femtio sextio sjuttio åttio nittio',
  nb: 'ti(?!\\p{L}) elleve tolv tretten fjorten femten seksten sytten atten nitten tjue tretti førti femti seksti sytti åtti nitti',
  da: 'ti(?!\\p{L}) elleve tolv tretten fjorten femten seksten sytten atten nitten tyve tredive fyrre halvtreds tres halvfjerds firs halvfems',
  fr: 'dix onz douz treiz quatorz quinz seiz dix-sept dix-huit dix-neuf vingt trent quarant cinquant soixant soixante-dix quatre-vingt quatre-vingt-dix',
  es: 'diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veint treinta cuarenta cincuenta sesenta setenta ochenta noventa',
  pt: 'dez onze doze treze (?:qu|c)atorze quinze dez[ae]sseis dez[ae]ssete dezoito dez[ae]nove vinte trinta quarenta cinquenta sessenta setenta oitenta noventa',
  it: 'dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove vent trent quarant cinquant sessant settant ottant novant',
  cs: 'deset jedenáct dvanáct třináct čtrnáct patnáct šestnáct sedmnáct osmnáct devatenáct dvac třic čtyřic padesát šedesát sedmdesát osmdesát devadesát',
  sk: 'desa jedenás dvanás trinás štrnás pätnás šestnás sedemnás osemnás devätnás dvadsa tridsa štyridsa päťdesia šesťdesia sedemdesia osemdesia deväťdesia',
  pl: 'dziesię jedena dwana trzyna czterna piętna szesna siedemna osiemna dziewiętna dw[au]dzie trzydzie czterdzie pięćdzies sześćdzies siedemdzies osiemdzies dziewięćdzies',
  ru: 'десят одиннадцат двенадцат тринадцат четырнадцат пятнадцат шестнадцат семнадцат восемнадцат девятнадцат двадцат тридцат сорок пятьдесят шестьдесят семьдесят восемьдесят девяност',
  uk: 'десят одинадцят дванадцят тринадцят чотирнадцят п.?ятнадцят шістнадцят сімнадцят вісімнадцят дев.?ятнадцят двадцят тридцят сорок п.?ятдесят шістдесят сімдесят вісімдесят дев.?яност',
};

/** Whether a text has a number of 10 to 20, or of tens below 100, in words of its language. Linear. */
export function hasNumberWord(text: string, value: number, language: string): boolean {
  const index = value <= 20 ? value - 10 : value % 10 === 0 && value < 100 ? value / 10 + 8 : -1;
  const word = words[findLanguage(language)?.code ?? '']?.split(' ')[index];
  return word !== undefined && new RegExp(`(?<![\\p{L}\\p{M}])${word}`, 'iu').test(text);
}
