BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Remove-PgEdgeUser' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'removes a user and leaves every other byte unchanged: <_>' -ForEach @(
        { Remove-PgEdgeUser bob -Path $file -Confirm:$false }
        { 'bob' | Remove-PgEdgeUser -Path $file -Confirm:$false }
        { Get-PgEdgeUser b* -Path $file | Remove-PgEdgeUser -Confirm:$false }
        { $ConfirmPreference = 'None'; Remove-PgEdgeUser bob -Path $file }
    ) {
        $before = Get-Text $file

        & $_ | Should -BeNullOrEmpty

        Get-Text $file | Should -BeExactly ($before -creplace '(?s)    bob:.*(?=    charlie:)')
    }

    It 'removes all users of a file and leaves the file' {
        '*' | Remove-PgEdgeUser -Path $file -Confirm:$false

        Get-PgEdgeUser -Path $file | Should -BeNullOrEmpty
        (Get-Text $file).StartsWith('# Kept by hand.') | Should -BeTrue
    }

    It 'removes a user with a name that New-PgEdgeUser would reject' {
        Edit-UserFile $file '    bob:' '    "-a \e[1m":'

        Remove-PgEdgeUser "-a `e[1m" -Path $file -Confirm:$false

        (Get-PgEdgeUser -Path $file).Username | Should -Be alice, charlie
    }

    It 'makes room for a new user of the same name' {
        Remove-PgEdgeUser bob -Path $file -Confirm:$false
        $null = New-PgEdgeUser bob -Password (New-Secret $Passwords.new) -Path $file -Disabled

        Get-Field $file bob enabled | Should -Be false
        Get-Field $file bob annotation | Should -Be '""'
    }
}
