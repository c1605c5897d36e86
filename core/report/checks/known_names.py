"""Names that a claim may use though no paper at hand has them."""

# Never telling: common abbreviations, fields, units and dates.
EVERYDAY = frozenset(
    """ai ml dl it ui ux api apis cpu gpu gpus ram pc os www url
    id ids faq tv r&d rd eu us uk un usa ceo cto hr pr phd msc ok vs oss
    fps hz khz mhz ghz kb mb gb tb gbps mbps db kw kwh mw nm mm cm km ms usd krw eur jpy cny
    2d 3d 4d nlp cv i ii iii iv vi vii viii ix
    january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday internet web sota""".split()
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
    "vr": "virtual reality|headset|immersive",
    "uav": "drone|unmanned|aerial",
    "ct": "tomograph",
    "mri": "magnetic resonance",
    "eeg": "electroencephalogra",
    "ecg": "electrocardiogra",
    "lidar": "lidar|point cloud|laser",
    "rgb": "image|colou?r|camera",
    "gps": "positioning|navigation|satellite",
    "sql": "database|quer",
    "dna": "genom|gene|nucleotide|sequenc",
    "rna": "genom|gene|nucleotide|sequenc",
    "covid19": "covid|coronavirus|pandemic",
    "covid": "coronavirus|pandemic",
    "wifi": "wireless|802.11",
    "monte": "monte carlo|sampling",
    "carlo": "monte carlo|sampling",
    "sns": "social (?:media|network)",
    "qa": "question|answer",
    "gui": "graphical|screen|interface|gui",
    "hpc": "high-performance comput|supercomput|cluster|hpc",
    "ev": "electric vehicle|ev",
    "ide": "development environment|editor|ide",
}
# Languages, peoples and places, and the adjectives that mathematics makes of names: words rather than
# names of methods, models or data. Still a swap where another of the papers has them and the cited not.
WORDLIKE = frozenset(
    """ascii utf8 unicode english korean japanese chinese german french spanish italian portuguese russian arabic hindi
    vietnamese thai indonesian turkish greek latin swahili bengali tamil urdu european asian african american western
    eastern northern southern europe asia africa america china japan korea india germany france
    gaussian bayesian markov euclidean riemannian hilbert fourier laplace laplacian lipschitz poisson
    bernoulli dirichlet boltzmann gibbs nash shapley hamiltonian lagrangian newton jacobian hessian
    wasserstein pareto boolean turing shannon fisher pearson spearman kolmogorov galois banach sobolev lyapunov""".split()
)
