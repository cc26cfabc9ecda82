# Completion of p11csr for fish. Every candidate comes from the program itself: p11csr __complete.

function __p11csr_candidates
    set -l words (commandline -opc)
    set -l current (commandline -ct | string unescape)
    set -q current[1]; or set current ''
    set -l program (string replace -r '^~' $HOME -- $words[1])
    set -l answer ($program __complete $words[2..-1] $current 2>/dev/null </dev/null)
    set -l head (string split \t -- $answer[1])
    printf '%s\n' $answer[2..-1]
    set -l prefix ''
    set -q head[2]; and set prefix $head[2]
    set -l path (string sub -s (math (string length -- $prefix) + 1) -- $current)
    switch "$head[1]"
        case commands
            complete -C $current
        case files
            printf '%s\n' $prefix(__fish_complete_path $path)
        case folders
            printf '%s\n' $prefix(__fish_complete_directories $path '')
    end
end

complete -c p11csr -f -a '(__p11csr_candidates)'
