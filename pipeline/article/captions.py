"""What stands where a picture was: a caption, told by its credit."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from pipeline.article.features import PROSE
from pipeline.article.passages import Rows
from pipeline.article.titles import Words
from pipeline.grammar import telling, words

# As papers print them beside a picture, a space between: words for one; what stands between that and who made it; and
# words for who made it.
PICTURES = """
Photo Photos Photograph Photographs Photography Picture Pictures Image Images Video Illustration Graphic Graphics
Screenshot Foto Fotos Fotografie Bild Bilder Grafik Abbildung Symbolbild Fotografía Imagen Imágenes Ilustración
Infografía Imagem Imagens Ilustração Immagine Immagini Illustrazione Beeld Afbeelding Illustratie Billede Bilde Kuva
Valokuva Zdjęcie Fot. Fotó Kép Fotografija Obrázek Poza Fotoğraf Görsel Φωτογραφία Φωτό Фото Фотография Фотографія
Снимка Изображение תמונה צילום صورة الصورة عکس फोटो फ़ोटो तस्वीर ছবি ภาพ Ảnh Gambar 写真 画像 図 图 圖 图片 圖片 照片
摄影 攝影 사진 이미지 영상 그래픽
"""
BESIDE = "by credit credits source via von par por di de av af door автора 출처 제공 来源 來源 提供 撮影"
SOURCES = """
Credit Credits Crédit Crédits Crédito Créditos Crediti Bildquelle Bildnachweis Fotonachweis Fotocredit Fotograf
Fotógrafo Fotografo Photographer 사진제공 사진출처 图片来源 圖片來源 写真提供
"""
PICTURE = words(*PICTURES.split())
BY = words(*BESIDE.split(), "courtesy of", "cortesía de", "cortesia di", "mit Genehmigung von")
SOURCE = words(
    *SOURCES.split(), "Photo credit", "Image credit", "Image source", "Courtesy of", "사진 출처", "사진 제공"
)
MADE = rf"(?i:(?:{PICTURE}|{SOURCE})(?:\s?{BY})?\s?[:：=|/／]|{PICTURE}\s(?:by|courtesy of)\s|{SOURCE}\s?[:：=]|©)"
NAMES = r"[^.!?。:：]{2,80}"
CREDITS = telling(
    rf"^\W{{0,2}}{MADE}\s?{NAMES}\W{{0,2}}$"  # alone on its line
    rf"|[(（\[［【][^()\[\]（）［］【】]{{0,60}}?{MADE}[^()\[\]（）［］【】]{{1,80}}[)）\]］】][.。]?$"  # in brackets
    rf"|(?:[.!?…”\"»'’)]|\s[—–|/-])\s{MADE}\s?{NAMES}$"  # behind its last sentence
    rf"|[(（\[]\s?(?i:[\p{{L}} ]{{0,12}}\b{PICTURE})\s(?:{BY}\s)?\p{{Lu}}[^()]{{1,60}}[)）\]][.。]?$"
    r"|\p{Han}{2,4}\s?(?:摄|攝|撮影)[)）]?$"
)
HINT = rf"(?i:{PICTURE}|{SOURCE})|©|[摄攝影]"  # in every credit, and soon looked for
MOST_CHARS = 400
ABOVE = 12  # lines above the first words among which one may stand, below the title
NEAR = 2  # lines below the last words among which a caption may stand


def find_captions(lines: pl.DataFrame, said: Mapping[str, np.ndarray], own: Words, rows: Rows) -> np.ndarray:
    """Say which lines among a document's words, or next above or below them, are captions.

    Args:
        lines: the table of lines, whole documents.
        said: what `features` says of them.
        own: where the own words of their documents are.
        rows: where the rows of each document lie.
    """
    is_said = (said["size"] >= np.log2(PROSE)) | (rows.at <= own.end)  # a bare credit below may be the site's
    asked = (rows.at > own.top - ABOVE) & (rows.at <= own.end + NEAR) & is_said
    asked &= (said["bullet"] == 0) & (said["size"] <= np.log2(MOST_CHARS))
    is_caption = np.zeros(lines.height, dtype=bool)
    at = np.flatnonzero(asked)
    at = at[lines["text"].gather(at).str.contains(HINT).to_numpy()]
    is_caption[at] = lines["text"].gather(at).str.contains(CREDITS).to_numpy()
    return is_caption
