"""Names that a claim may use though no paper at hand has them."""

# Never telling: common abbreviations, fields, units and dates.
EVERYDAY = frozenset(
    """ai ml dl it ui ux gui api apis sdk cpu gpu gpus tpu npu ram pc os www url pdf json xml html css
    usb id ids faq qa tv r&d rd eu us uk un usa ceo cto hr pr phd msc ok vs oss
    fps hz khz mhz ghz kb mb gb tb gbps mbps db kw kwh mw nm mm cm km ms usd krw eur jpy cny
    2d 3d 4d 5g 6g 4k nlp cv i ii iii iv vi vii viii ix
    january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday internet web""".split()
)
# Told by what a paper must speak of for its claim to use them.
CONCEPTS = {
    "llm": "(?<!vision-)(?<!vision )language model|llm|gpt|chatbot",
    "lm": "language model|lm",
    "slm": "language model",
    "mllm": "multimodal|vision-language|language model",
    "lmm": "multimodal|language model",
    "vlm": "vision-language|vision language|visual language|vlm|multimodal",
    "lvlm": "vision-language|vision language",
    "vla": "vision-language-action|robot",
    "cnn": "convolution|cnn",
    "rnn": "recurrent|rnn",
    "gnn": "graph neural|gnn|graph",
    "gan": "adversarial|gan",
    "vae": "variational|autoencoder|vae",
    "rl": "reinforcement|policy|reward|rl",
    "drl": "reinforcement|drl",
    "rlhf": "human feedback|rlhf|preference",
    "nn": "neural|network",
    "dm": "diffusion",
    "gp": "gaussian process",
    "dp": "differential privacy|differentially private|dynamic programming",
    "kg": "knowledge graph",
    "il": "imitation",
    "fl": "federated",
    "cl": "continual|contrastive|curriculum",
    "pe": "positional|parameter-efficient",
    "ar": "autoregressive|augmented reality",
    "gt": "ground truth|ground-truth",
    "rs": "recommend|remote sensing",
    "dnn": "neural|deep",
    "snn": "spiking|snn",
    "mlp": "mlp|perceptron",
    "vit": "vision transformer|vit",
    "transformer": "transformer|attention|language model|llm",
    "rag": "retriev|rag",
    "cot": "chain-of-thought|chain of thought|cot|reasoning",
    "icl": "in-context|icl",
    "sft": "fine-tun|finetun|sft",
    "peft": "fine-tun|finetun|peft|lora|adapter",
    "moe": "mixture|expert",
    "nerf": "radiance field|nerf",
    "slam": "slam|localization and mapping|localisation and mapping",
    "asr": "speech recognition|asr",
    "tts": "text-to-speech|speech synthesis|tts",
    "ocr": "ocr|character recognition|document",
    "vqa": "question answering|vqa",
    "ner": "named entity|ner",
    "ssl": "self-supervised|semi-supervised|ssl",
    "ood": "out-of-distribution|distribution shift|ood",
    "iid": "iid|i.i.d|identically distributed",
    "kv": "kv|key-value|cache",
    "sgd": "gradient|sgd",
    "dpo": "preference|dpo",
    "ppo": "policy|ppo",
    "sns": "social (?:media|network)",
    "qa": "question|answer",
    "gui": "graphical|screen|interface|gui",
    "hpc": "high-performance comput|supercomput|cluster|hpc",
    "ev": "electric vehicle|ev",
    "ide": "development environment|editor|ide",
}
# Known to everybody by name; still a swap where another of the papers has it and the cited not.
FAMOUS = frozenset(
    """gpt gpt2 gpt3 gpt35 gpt4 gpt4o chatgpt bert roberta t5 llama llama2 llama3 qwen gemini claude mistral
    deepseek transformer transformers imagenet coco mscoco cifar cifar10 cifar100 mnist glue superglue squad mmlu gsm8k humaneval
    resnet resnet50 vgg unet yolo clip dino sam lora qlora adam adamw sgd word2vec glove bleu rouge mamba
    stable diffusion alexnet efficientnet mobilenet densenet vicuna alpaca whisper wav2vec wav2vec2 alphafold alphago
    pytorch tensorflow keras jax numpy cuda xgboost lightgbm kmeans knn svm pca tsne umap dbscan lstm gru
    ros ros2 carla mujoco gym kitti nuscenes waymo openstreetmap pubmed arxiv huggingface
    a100 h100 v100 rtx
    sota ssd cd dvd vr ar xr mr uav uavs iot b2b b2c who mri ct pet ecg eeg emg icu ehr dna rna hiv aids covid covid19
    mean rmse mse mae auc roc f1 map iou flop flops tops wifi bluetooth gps lidar radar rgb rgbd ascii utf8 unicode
    led lcd sql csv english korean japanese chinese german french spanish italian portuguese russian arabic hindi
    vietnamese thai indonesian turkish greek latin swahili bengali tamil urdu european asian african american western
    eastern northern southern europe asia africa america china japan korea india germany france linux windows
    macos android ios python java javascript typescript rust fortran matlab excel word powerpoint github gitlab
    google meta microsoft openai nvidia apple amazon deepmind anthropic wikipedia reddit twitter youtube discord
    telegram gaussian bayesian markov euclidean riemannian hilbert fourier laplace laplacian lipschitz poisson
    bernoulli dirichlet boltzmann gibbs monte carlo nash shapley hamiltonian lagrangian newton jacobian hessian
    wasserstein pareto boolean turing shannon fisher pearson spearman kolmogorov galois banach sobolev lyapunov""".split()
)
