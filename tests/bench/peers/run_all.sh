#!/usr/bin/env bash
# Measure the peers, one task after the other.   usage: run_all.sh [only-labels-matching-this-regex]
#   BENCH_DIR  where environments, corpus, outputs and results go   (build/bench)
#   BENCH_MB   size of the corpus before duplicates are planted     (62)
#   PASS       name of this pass: results/PASS.jsonl                (1)
set -u
. "$(dirname "$0")/env.sh"
ONLY=${1:-.}
BENCH_MB=${BENCH_MB:-62}
CORPUS=$BENCH_DIR/corpus-$BENCH_MB
OUT=$BENCH_DIR/out/$PASS
CONFIGS=$BENCH_DIR/configs
mkdir -p "$OUT" "$CONFIGS"
export BENCH_CORPUS=$CORPUS

venv plain || exit 1
model
rm -f "$OUT"/not-*.txt
[ -e "$CORPUS/stats.json" ] || "$PLAIN" "$HERE/build_corpus.py" --out "$CORPUS" --debs "$BENCH_DIR/debs" --max-mb "$BENCH_MB" || exit 1
[ -e "$CORPUS/pairs.tsv" ] || "$PLAIN" "$HERE/true_pairs.py" "$CORPUS" || exit 1
for f in "$HERE"/configs/*; do sed "s#@CORPUS@#$CORPUS#g; s#@OUT@#$OUT#g" "$f" >"$CONFIGS/$(basename "$f")"; done

task() { # label, environment, command...
  [[ $1 =~ $ONLY ]] || return 0
  rm -rf "${OUT:?}/$1" "$OUT/$1.bloom" "$CORPUS/jsonl_gz/attributes/${1#dolma_}" "$HF_HOME/datasets"
  measure "$@"
}
bin() { echo "$BENCH_DIR/venv/$1/bin/$2"; }

# Dehusk itself
for t in exact minhash lid parquet validate passages; do
  task dehusk_$t plain env -u PYTHONPATH "${DEHUSK_PYTHON:-$HERE/../../../.venv/bin/python}" "$HERE/dehusk_tasks.py" $t "$OUT/dehusk_$t"
done

# reference points without a framework
for t in polars_parquet polars_exact hashset_exact fasttext_lid langdetect_lid lingua_lid; do
  task $t plain "$PLAIN" "$HERE/plain_tasks.py" $t "$OUT/$t"
done
task rensa_minhash plain "$PLAIN" "$HERE/rensa_minhash.py" "$OUT/rensa_minhash"
task numpy_minhash plain "$PLAIN" "$HERE/numpy_minhash.py" "$OUT/numpy_minhash"
task daft_minhash daft "$(bin daft python)" "$HERE/daft_minhash.py" "$OUT/daft_minhash"

for t in parquet jsonl exact lid minhash gopher; do
  task datatrove_$t datatrove "$(bin datatrove python)" "$HERE/datatrove_tasks.py" $t "$OUT/datatrove_$t"
done

dolma=$(bin dolma dolma)
task dolma_copy dolma "$dolma" -c "$CONFIGS/dolma_copy.yaml" mix
task dolma_exact dolma bash -c "'$dolma' -c '$CONFIGS/dolma_exact.yaml' dedupe && '$dolma' -c '$CONFIGS/dolma_exact_mix.yaml' mix"
task dolma_lid dolma "$dolma" tag --documents "$CORPUS/jsonl_gz/documents/*.gz" --tagger_modules "$HERE/dolma_tagger.py" --taggers ft_lang_id_local --experiment lid --processes 2 --ignore_existing
task dolma_gopher dolma "$dolma" tag --documents "$CORPUS/jsonl_gz/documents/*.gz" --taggers gopher_v2 --experiment gopher --processes 2 --ignore_existing
task dolma_ngram dolma "$dolma" -c "$CONFIGS/dolma_ngram.yaml" dedupe

for t in parquet jsonl exact lid minhash gopher; do
  task datajuicer_$t datajuicer "$(bin datajuicer dj-process)" --config "$CONFIGS/datajuicer_$t.yaml"
done

for t in exact minhash minhash_verified; do # text-dedup reads config.toml in the folder where it runs
  module=minhash; [ $t = exact ] && module=bloom_filter
  task textdedup_$t textdedup bash -c "cp '$CONFIGS/textdedup_$t.toml' config.toml && exec '$(bin textdedup python)' -m text_dedup.$module"
done

[ -e "$OUT/limits.json" ] || "$PLAIN" "$HERE/limits.py" "$CORPUS" "$OUT"
"$PLAIN" "$HERE/report.py" "$CORPUS" "$OUT" "$RESULTS"
