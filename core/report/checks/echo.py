"""Echo: a writer that speaks of its task, of itself, or of papers by their place in the list."""

import re
from collections.abc import Iterator

from core.report.checks import Fault

_PIECE = r"(?:papers?|stud(?:y|ies)|works?|articles?|abstracts?|publications?)"
_ENGLISH = (
    r"(?:^|[.!?;,] )as an? (?:large )?(?:ai|language)\b(?: (?:language )?(?:model|assistant))?,"
    r"|\bas an? (?:ai|large) language model\b|\b(?:i am|i['’]m) (?:an? )?(?:ai|artificial|language|large language|chat|trained|a helpful)\b"
    r"|\b(?:as|being) an? (?:ai|artificial intelligence|large language|language|helpful)(?: (?:language|based))? (?:model|assistant|system)[,.]? i\b|\bmy (?:training data|training|knowledge|role|task)\b|\bi(?:['’]m| am) (?:sorry|unable|happy|an ai)\b"
    r"|\bi (?:cannot|can['’]?t|apologi[sz]e)\b|^(?:sure|certainly|of course|absolutely|okay|ok|great|understood|got it|no problem|happy to help|gladly)\b ?[,!.:–—](?! ?\d)|^(?:sure|certainly|of course|okay|ok) "
    r"|\b(?:here(?:['’]s| is| are)|below (?:is|are)|the following (?:is|are)) (?:the|a|an|my|your)\b"
    r"|^as (?:requested|instructed)\b|\bas you (?:requested|instructed|asked)\b|\bper your request\b|, as requested\b|\b(?:i have|i['’]ve|i will|i['’]ll|let me) (?:\w+ )?(?:writ|summari|generat|creat|prepar|provid|draft|translat|analy|compil|list|organi)\w*"
    r"|(?:^|[.!?:;] )(?:please )?(?:write|produce|generate|draft|compose|create|prepare|provide|summari[sz]e|translate) (?:\w+ ){0,4}(?:reports?|summar(?:y|ies)|digests?|json|sentences? for each|(?:in|into) (?:korean|english|japanese|chinese))\b"
    r"|\b(?:each|every|all) (?:claims?|sentences?|statements?|findings?|keywords?|themes?) (?:must|should|has to|have to|needs? to|shall) (?:cite|carry|contain|include|list|name|rest|have|be (?:in|one|written|short|at most))\b|\bmust (?:only )?cite\b|(?:^|[.!?:;] )cite (?:the|every|each|all|only|at least|your|by) \w+"
    r"|(?:^|[.!?:;] )(?:use|return|output|respond|reply|answer)(?: \w+)? (?:only |with |in |using |as ){1,2}(?:the )?(?:valid |plain |strict |raw )?(?:json|markdown|text|following|requested|schema|abstracts?)\b"
    r"|(?:^|[.!?:;] )(?:do not|don['’]t|never|avoid) (?:use|include|mention|invent|add|write|output|repeat|copy|make up|hallucinate|translate|cite|answer)(?:ing)? (?:\w+ ){0,3}(?:markdown|html|latex|links?|urls?|numbers?|names?|papers?|markup|facts?|text|else|json|instructions?|citations?|cites?|outside|abstracts?)\b"
    r"|\b(?:following|requested|required) (?:json|schema|format)\b|\bjson only\b|\bsystem prompt:|\byou are an? (?:\w+ ){0,3}(?:assistant|writer|editor|expert|model|journalist|researcher|summari[sz]er|reporter)\b"
    rf"|\b(?:first|second|third|fourth|fifth|sixth|last|final|latter|former) {_PIECE}\b"
    r"(?! (?:to|of|that|on|for|which)\b)"
    r"|\bpapers? (?:#|no\. ?|number )?(?:\d{1,2}|one|two|three|four|five|(?-i:[A-E]))\b"
    r"|\b(?:article|study|abstract) #?\d{1,2}\b"
    rf"|\b(?:provided|given|supplied|above|following|listed) {_PIECE}(?! (?:on|of|in|with)\b)"
    r"|\bprovided (?:text|information|titles?)\b"
    r"|\b(?:based on|according to) (?:the|these) (?:provided |given )?abstracts?\b"
    r"|\b(?:this|the) (?:comprehensive |final |present )?(?:summary )?(?:report|digest)"
    r"(?= (?:is|was|summari[sz]es|covers|provides|presents|highlights|aims|will|has|shows)\b)"
    r"|\bin this (?:report|summary|digest|section)\b|\bsummary report\b|\bin korean(?=[:.]|$)"
    r"|\b(?:ignor|disregard|forget|overrid)(?:e|ing)? (?:(?:all|any|the|your|my|of|these|every) ){0,3}"
    r"(?:previous|prior|above|earlier|preceding|instructions?|rules)\b"
    r"|\b(?:your|my) (?:instructions?|prompt)\b"
    r"|\b(?:output|answer|respond|reply|return) (?:only )?(?:in|as) "
    r"(?:json|korean|english|japanese|chinese)\b"
    r"|(?:^|[#*\[] ?)(?:user|assistant|system|human|note|translation|response|instructions?|answer|input|output|prompt|task|context|question|report|reply|result)s? ?[:\]]|#{2,} ?\w+|\blorem ipsum\b|\binsert \w+ here\b"
    r"|\bknowledge cutoff\b|\b(?:let me know|hope this helps|feel free|please note)\b"
)
_KOREAN = (
    r"(?:첫|두|세|네|다섯|여섯|일곱)\s?(?:번째|째)\s?(?:논문|연구|초록)(?!입니다|이며|로서|이다)"
    r"|마지막\s?(?:논문|연구)(?:은|는|에서|의)"
    r"|(?:논문|연구|초록)\s?#?\s?\d{1,2}(?=번?(?:은|는|이|가|에서|의|:))|(?<!\d)\d{1,2}번\s?(?:째\s)?(?:논문|연구|초록)"
    r"|(?:본|이|이번|위|다음|종합)\s?(?:요약\s?)?(?:보고서|요약문|다이제스트|리포트)|요약\s?보고서|보고서 제목"
    r"|(?:제공|제시|주어|첨부)(?:된|진|해 주신|하신)\s?(?:논문|초록)"
    r"|제공(?:된|하신)\s?(?:정보|텍스트|자료|내용)(?:에|를|을|만)\s"
    r"|(?:위|상기|아래)(?:의)?\s(?:논문|초록)(?:들)?(?:을|를|은|는|의|에|과|:)|다음(?:의)?\s(?:논문|초록)"
    r"|(?:다음|아래)(?:은|는)\s[^.]{0,30}(?:요약|보고서|정리|결과입니다|내용입니다)"
    r"|요약하(?:면|자면|겠습니다|였습니다|드리)|요약해\s?드리|(?:요약|정리)입니다"
    r"|(?:^|[\s.,])(?:AI|인공지능)(?:\s언어)?(?:\s?모델|\s?어시스턴트|\s?비서)?로서,?\s(?:저|제|나|이|죄|답)"
    r"|AI 언어 모델로서|(?:^|\s)(?:저는|제가)\s|죄송|알겠습니다|물론입니다|도와드리"
    r"|(?:이전|앞선|위)(?:의)?\s(?:모든\s)?(?:지시|명령|지침)|(?:지시|명령|지침)(?:사항|문)?(?:을|를)\s?무시"
    r"|(?:요청|지시|부탁|말씀|질문)(?:하신|해\s?주신|하셨)|(?:다음|아래|위|요청된?)(?:과 같은|와 같은|의)?\s?(?:형식|양식|스키마)(?:으로|에|을|를|대로|만)"
    r"|반드시[^.]{0,14}(?:인용|출처|논문 번호)|[가-힣](?:십시오|세요)(?![가-힣])|(?:하|쓰|적|답|따르|지키|넣|밝히|달|붙이)(?:시오|지\s?마시오)(?![가-힣])"
    r"|(?:작성|요약|정리|번역|출력|답변|응답)(?:해|하여)\s?(?:드리|드렸|보겠|봤|보았)|(?:보고서|요약|요약문|초안|답변)(?:을|를)?\s[^.]{0,10}(?:작성|정리|준비)했습니다|요약했습니다"
    r"|(?:나는)\s?(?:AI|인공지능|언어)|(?:AI|인공지능)\s?(?:언어\s?모델|어시스턴트|비서|챗봇)(?:입니다|이므로|이라|이기)|^네,\s|도움이 되(?:셨|길|기를)"
    r"|한국어로\s?(?:작성|번역|답변|요약)(?:합|하|했|된\s(?:보고|요약))|합니다체|^(?:번역|참고|주의|비고)\s?[:：]"
)
_JAPANESE = (
    r"(?:最初|二番目|三番目|[一二三四五1-9]つ目|[一二三四五1-9]番目|最後)の(?:論文|研究|文献|要旨)"
    r"|第[一二三四五1-9](?:の)?(?:論文|研究)|論文\s?[1-9A-E](?=[はがのを、：:])"
    r"|(?:本|この|上記の?|以下の)(?:要約)?(?:レポート|報告書|要約|ダイジェスト)"
    r"|^以下(?:は|に|の)|以下の(?:論文|要旨)|上記の(?:論文|要旨|内容)"
    r"|(?:提供|提示|与え)(?:された|られた)(?:論文|要旨|アブストラクト)|提供された情報"
    r"|(?:^|[、。])(?:私は)?(?:AI|人工知能|言語モデル)(?:モデル|アシスタント)?として、|AI言語モデルとして"
    r"|申し訳|承知しました|もちろんです|かしこまりました|お役に立て|要約すると|要約します|私は"
    r"|(?:以前|これまで|上記|前)の(?:すべての|全ての)?(?:指示|命令)|指示を無視"
    r"|(?:JSON|マークダウン|Markdown|日本語|英語|韓国語|中国語)(?:形式)?(?:のみ|だけ)?で[^。]{1,8}(?:ください|下さい|なさい)|(?:次|以下|下記|指定)の(?:形式|フォーマット|スキーマ|指示|通り|とおり)"
    r"|ご(?:要望|依頼|指示|要求|リクエスト|質問)|主張(?:には?|は)[^。]{0,8}(?:必ず|引用)|必ず[^。]{0,12}(?:引用|出典)|(?:[てで]|[おご][ぁ-ん一-鿿]{1,6})(?:ください|下さい)|なさい(?=[。、\s]|$)"
    r"|(?:まとめ|要約|作成|翻訳|整理|説明|回答|お答え)(?:いたし|させていただ)|(?:レポート|報告書|要約|回答|まとめ)を[^。]{0,6}(?:作成|用意|準備|お届け)し"
    r"|(?:AI|人工知能)(?:アシスタント|言語モデル)(?:です|であり|なので|ですので|のため、)|^(?:はい|ええ|了解)(?:、|しました|です)|参考になれば|喜んで(?:お|ご)"
    r"|日本語で(?:回答|出力|記述|作成)|^(?:翻訳|注|注記|備考)\s?[:：]"
)
_CHINESE = (
    r"(?<!是)第[一二三四五六七1-9](?:篇|项|項)(?:论文|研究|文章|工作|論文)?|第[一二三四五六七1-9]个论文"
    r"|最后一(?:篇|项)|(?:论文|論文|文章)\s?[一二三四五1-9A-E](?=[是的在提将，：:中])"
    r"|(?:本|该|這份|这份|此)(?:总结|摘要|綜合|综合)?(?:报告|報告)|^(?:以下|下面)(?:是|为|為)"
    r"|(?:以下|上述)(?:论文|論文|摘要)|(?:根据|基于|根據|基於)(?:(?:所|您|你)?提供的|上述|以上)"
    r"|(?:提供|给定|給定)的(?:论文|論文|摘要)|(?:作为|作為)(?:一个|一個|一名)?\s?(?:AI|人工智能|人工智慧)(?:语言模型|語言模型|助手|模型)?[，,]"
    r"|(?:作为|作為)(?:一个|一個)(?:大型?)?(?:语言|語言)模型[，,]"
    r"|抱歉|对不起|(?<!自)我(?:无法|不能|将|會|会)|^(?:好的|当然)[，,！!]|总(?:之|的来说|结如下)|总结一下|希望这"
    r"|(?:忽略|无视|忽視|無視)(?:之前|先前|以上|上述|所有|前面)[^。]{0,8}(?:指令|指示|命令|提示)"
    r"|(?<![自本])我(?:是|作为|作為|只是|会|可以|已|来|很)|(?:AI|人工智能|人工智慧)(?:语言)?(?:助手|助理|语言模型|机器人)[，,。]"
    r"|(?<![申邀])(?:请|請)(?:用|以|按|根据|注意|勿|不要|务必|仅|只|将|您|你|输出|回答|参考|提供|确保|遵)|您(?:的|要|好|所|可)"
    r"|(?:按照|按|根据|依照|遵照)(?:(?:您|你)的?|以下|上述|下列|指定的?)(?:要求|指示|请求|需求|指令|格式|规则|说明)|(?:应|如)(?:您|你)(?:的)?(?:要求|请|所)"
    r"|(?:以下|如下|下列)的?(?:格式|要求|JSON|json|是|为)|^(?:输出|返回|使用)\s?(?:JSON|json|Markdown)|(?:论断|主张|陈述|句子|要点)(?:都|均)?(?:必须|须|应当|应|要|需)(?:引|注|标|有|附|列|写|给出)|必须(?:引用|注明|标注)"
    r"|不要(?:使用|输出|添加|包含|编造|翻译|提及)|^(?:好的|没问题|明白了|收到|当然可以|当然)[，,。！!:：]|为您|为你|供您|(?:如|若)(?:有|需).{0,8}(?:请|随时)"
    r"|(?:用|以)(?:中文|简体中文)(?:回答|输出|撰写|总结)|^(?:翻译|注|备注|说明|譯文)\s?[:：]"
)
_MACHINE = (
    r"#{2,}|<\|?/?(?:im_start|im_end|endoftext|s|system|think|eot_id|start_header_id)\|?>|\[/?INST\]|<<SYS>>"
    r"|\{\{|\}\}|^\W*(?:null|undefined|NaN|None|N/A|TODO|TBD|string|text)\W*$|<(?:unk|pad|eos|bos)>"
)
_HEADING = (
    r"^\W*(?:summary|themes?|keywords?|what is new|what['’]s new|impact|outlook|conclusions?|findings?|overview|abstract|title|introduction|key (?:points|findings|takeaways?)"
    r"|요약|주제|주요 주제|키워드|새로운 것|영향|전망|결론|핵심|핵심 내용|개요|초록|제목|최종 요약|출처"
    r"|要約|テーマ|キーワード|新しい点|新規性|影響|展望|結論|概要|まとめ|タイトル|出典"
    r"|摘要|总结|主题|关键词|新内容|新进展|影响|展望|结论|概述|标题|來源|来源|總結)\s*[\]】)*]*\s*[:：]"
)
_ECHOES = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (_ENGLISH, re.IGNORECASE),
        (_KOREAN, 0),
        (_JAPANESE, 0),
        (_CHINESE, 0),
        (_MACHINE, 0),
        (_HEADING, re.IGNORECASE),
    )
)
_JUNK = re.compile(r"(?:[,.;:·、，。]\s?){4,}|([^\W\d_])\1{5,}|[?!？！]{3,}")


def echo(text: str) -> Iterator[Fault]:
    """Phrases that belong to the writing, not to the papers."""
    for pattern in _ECHOES:
        if match := pattern.search(text):
            yield Fault("echo", match[0].strip())
            return
    if match := _JUNK.search(text):
        yield Fault("echo", match[0].strip()[:20])
